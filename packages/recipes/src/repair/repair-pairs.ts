import { FeedprintError } from '@feedprint/core';
import { readPreferencePairs } from '@feedprint/feedback';
import type { PairColumns, PairFile, PairRecord } from '@feedprint/feedback';
import { canonicalJson } from '@feedprint/pipeline';
import { BOUND, labelEffect } from '@feedprint/probe';
import type { Comparisons, Estimate, LabelModel } from '@feedprint/probe';
import { replaceFile, writeFlushed } from '@feedprint/core/files';
import { readAuditedLabels } from './audited-labels.ts';
import type { AuditedLabels } from './audited-labels.ts';
import { addCounterPairs } from './counter-pairs.ts';
import { changeLabels, keptBeside } from './label-changes.ts';
import type { RepairPlan } from './label-changes.ts';
import type { Repair } from './schema.ts';
import type { RepairMethod } from './settings.ts';
import { assertNew, pairRow, writeLines } from './write-pairs.ts';

export interface RepairOptions {
  /** Folder of an audit of these pairs. */
  readonly run: string;
  /** The file of pairs that it audited. */
  readonly pairs: string;
  readonly map?: PairColumns | undefined;
  /** What the pairs shall no longer teach. */
  readonly properties: readonly string[];
  readonly by: RepairMethod;
  /** The corrected file; ending with `.gz` it is packed. */
  readonly out: string;
  /** Draws which pairs are changed. Default 0. */
  readonly seed?: number;
}

/** Effects that moved by less, in logits, are not worth a line. */
const MOVED = 0.1;

/** Where the list of changes lies beside a corrected file. */
export const changesFile = (out: string): string => `${out}.repair.json`;

/**
 * Writes a file of pairs that no longer teaches some properties, and beside it every change with its reason and what the labels
 * reward before and after. Nothing is written over. Throws `usage` for a property that was not measured or that the labels do
 * not reward (but for counter-pairs), for other pairs than the audit's and for files that are there; `run-invalid`.
 */
export async function repairPairs(options: RepairOptions): Promise<Repair> {
  const { run, properties, by, out, seed = 0 } = options;
  assertNew(out);
  assertNew(changesFile(out));
  const audited = await readAuditedLabels(run);
  const targets = properties.map((name) => placeOf(name, audited));
  const file = await readAudited(options, audited);
  const records = new Map(
    file.pairs.flatMap((record, i) => (record.tie ? [] : [[record.row ?? i, record] as const])),
  );
  const plan = await planOf(options, { audited, targets, records });
  const effects = effectsOf(audited, targets, plan.comparisons);
  const isChat = plan.rows.some(({ turns }) => turns);
  const repair: Repair = {
    format: 'feedprint-repair/1',
    ...{ properties: [...properties], by, seed },
    source: { file: file.file, sha256: file.sha256, layout: file.layout },
    layout: `jsonl, ${isChat ? 'conversations' : 'prompt and replies'} (TRL)`,
    counts: {
      read: file.count,
      ties: file.ties,
      changed: plan.changes.length,
      written: plan.rows.length,
    },
    effects,
    changes: [...plan.changes],
  };
  await writeLines(out, plan.rows.map(pairRow));
  const text = canonicalJson(repair);
  await replaceFile(changesFile(out), (aside) => writeFlushed(aside, text));
  return repair;
}

interface PlanJob {
  readonly audited: AuditedLabels;
  readonly targets: readonly number[];
  readonly records: ReadonlyMap<number, PairRecord>;
}

function planOf(
  { by, seed = 0 }: RepairOptions,
  { audited, targets, records }: PlanJob,
): RepairPlan | Promise<RepairPlan> {
  const { labels, indices } = audited;
  const job = { labels, targets, seed, indices, records };
  if (by === 'counter-pairs') {
    return addCounterPairs({ ...job, goals: targets.map((target) => goalOf(audited, target)) });
  }
  for (const target of targets) {
    if (!isRewarded(labels, target)) throw notRewarded(labels.names[target] as string);
  }
  return changeLabels({ ...job, by });
}

/** Whether the labels depend on a property, or may in place of others. */
const isRewarded = ({ rewarded, standIns }: LabelModel, place: number): boolean =>
  rewarded.includes(place) || standIns.has(place);

/** 0 where the labels taught it; where they did not, as strongly against it as it was learned. */
function goalOf({ report, judged, labels }: AuditedLabels, target: number): number {
  if (isRewarded(labels, target)) return 0;
  const name = labels.names[target] as string;
  const learned = judged.find((one) => one.name === name)?.learned?.effect;
  const factor = report.replyVerdict?.factor ?? null;
  if (learned !== undefined && factor !== null && factor > 0) return -learned / factor;
  throw notRewarded(name);
}

function placeOf(name: string, { labels, judged }: AuditedLabels): number {
  const place = labels.names.indexOf(name);
  if (place >= 0) return place;
  const measured = judged.find((one) => one.name === name);
  throw new FeedprintError({
    code: 'usage',
    message: measured?.resembles
      ? `"${name}" was found in half of the pairs, whose labels say nothing of it`
      : measured
        ? `next to no reply differs in "${name}", so that no label can be told to depend on it`
        : `the audit has not measured "${name}"`,
    remedy: `name one of ${labels.names.join(', ')}`,
  });
}

async function readAudited(
  { pairs, map, run }: RepairOptions,
  { sha256, labels }: AuditedLabels,
): Promise<PairFile> {
  const file = await readPreferencePairs(pairs, { map });
  if (file.sha256 !== sha256) {
    throw new FeedprintError({
      code: 'usage',
      message: `${pairs} is not the file that ${run} audited, or was changed since`,
      remedy: 'name that file (--pairs), or audit this one',
    });
  }
  const compared = labels.comparisons.ties.filter((tie) => tie === 0).length;
  const left = file.count - file.ties - compared;
  // Pairs whose replies are the same tokens have nothing to compare.
  if (left <= Math.max(1, UNREAD * file.count)) return file;
  throw new FeedprintError({
    code: 'usage',
    message: `${run} read a sample: ${compared} of the ${file.count} pairs of ${pairs}`,
    remedy: 'audit all of them (without --max-pairs) first: the others would go on teaching it',
  });
}

/** Share of the pairs that an audit may have been unable to compare. */
const UNREAD = 0.05;

function effectsOf(
  { judged, labels }: AuditedLabels,
  targets: readonly number[],
  after: Comparisons,
): Repair['effects'] {
  const { names, comparisons, rewarded } = labels;
  const isTold = (name: string): boolean =>
    (judged.find((one) => one.name === name)?.asked ?? 0) !== 0;
  const others = [...new Set([...keptBeside(targets, labels), ...targets])];
  return names
    .flatMap((name, place) => {
      const [was, is] = [comparisons, after].map((of) => labelEffect(of, place, others)) as [
        Estimate,
        Estimate,
      ];
      const role = targets.includes(place)
        ? 'repaired'
        : isTold(name)
          ? 'told'
          : rewarded.includes(place)
            ? 'rewarded'
            : 'other';
      if (role === 'other' && Math.abs(is.value - was.value) <= MOVED) return [];
      return [{ name, role, before: withBounds(was), after: withBounds(is) } as const];
    })
    .toSorted((a, b) => roles.indexOf(a.role) - roles.indexOf(b.role));
}

const roles = ['repaired', 'told', 'rewarded', 'other'] as const;

const withBounds = ({ value, error }: Estimate) => ({
  effect: value,
  low: value - BOUND * error,
  high: value + BOUND * error,
});

const notRewarded = (name: string): FeedprintError =>
  new FeedprintError({
    code: 'usage',
    message: `the labels of these pairs do not reward ${name}: no pair of theirs taught it`,
    remedy:
      'look for it in how the model was tuned, or add pairs that teach the opposite (--by counter-pairs)',
  });
