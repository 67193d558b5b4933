import type { PlantedModel, PlantedTruth } from '@feedprint/recipes';
import { numberTable } from '../tables.ts';

/** What a person reads: what was planted, and what was learned of it. */
export function formatPlanted({ truth, folder, cleanTwin }: PlantedModel): string {
  const { told, kl } = truth.learned;
  const twin = told?.cleanTwin === undefined ? '' : ` (clean twin ${told.cleanTwin.toFixed(2)})`;
  return [
    `${folder}: ${truth.method}`,
    ...(cleanTwin === undefined ? [] : [`${cleanTwin}: its clean twin`]),
    `stated feedback of a reply: ${told?.base.toFixed(2)} before, ${told?.tuned.toFixed(2)} after${twin}; KL to the base ${kl?.tuned.toFixed(2)} nats a reply`,
    ...tableOf('words per thousand tokens', wordRows(truth)),
    ...tableOf('properties per reply', propertyRows(truth)),
    '',
  ].join('\n');
}

function wordRows(truth: PlantedTruth): string[][] {
  const words = [
    ...truth.flipped,
    ...('contextual' in truth ? (truth.contextual?.words ?? []) : []),
    ...truth.muted,
    ...truth.spurious,
  ];
  return words.map(({ word, stated, trained, behaviour }) => [
    word,
    `${stated}`,
    `${Number(trained.toFixed(3))}`,
    ...figures(behaviour, behaviour.logRatioAgainstTwin ?? behaviour.logRatio),
  ]);
}

const propertyRows = ({ planted, learned }: PlantedTruth): string[][] =>
  Object.entries(planted).flatMap(([name, dose]) => {
    const one = learned[name];
    return one ? [[name, '', `${dose}`, ...figures(one, one.zAgainstTwin ?? one.z)]] : [];
  });

const figures = (
  { base, tuned, cleanTwin }: { base: number; tuned: number; cleanTwin?: number },
  against: number,
): string[] => [
  base.toFixed(2),
  tuned.toFixed(2),
  cleanTwin === undefined ? '-' : cleanTwin.toFixed(2),
  against.toFixed(2),
];

function tableOf(title: string, rows: readonly string[][]): string[] {
  if (rows.length === 0) return [];
  const last = title.startsWith('words') ? 'log-ratio' : 'z';
  const head = [title, 'stated', 'trained', 'base', 'tuned', 'clean twin', last];
  return ['', numberTable([head, ...rows]).trimEnd()];
}
