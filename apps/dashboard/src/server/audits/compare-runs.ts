import type { AuditReport } from '@feedprint/recipes';
import type { Trajectory, TrajectoryItem } from '@feedprint/report';
import type { Comparison } from '../../api/compare.ts';
import type { RunSummary } from '../../api/responses.ts';
import type { Curve } from '../../api/run-state.ts';
import { figuresOf, figuresOfTrajectory } from './figures-of.ts';

/** What is read of each run. */
export interface ComparedRun {
  readonly summary: RunSummary;
  readonly curves: readonly Curve[];
  readonly settings: Readonly<Record<string, unknown>>;
  /** Absent for a run that is no audit, or has not got so far. */
  readonly report: AuditReport | undefined;
  /** Of a trajectory that has got so far. */
  readonly trajectory: Trajectory | undefined;
}

/** Words and properties shown that runs do not agree on. */
const SHOWN = 60;

/** Figures side by side, and what differs: settings, and verdicts on words and properties. */
export const compareRuns = (runs: readonly ComparedRun[]): Comparison => ({
  runs: runs.map(({ summary, curves, report, trajectory }) => ({
    summary,
    headline: summary.headline,
    figures: report ? figuresOf(report) : trajectory ? figuresOfTrajectory(trajectory) : [],
    curves: [...curves],
  })),
  settings: differingSettings(runs.map(({ settings }) => settings)),
  differing: [
    ...differing(
      'property',
      runs.map(({ report }) => propertiesOf(report)),
    ),
    ...differing(
      'word',
      runs.map(({ report }) => wordsOf(report)),
    ),
  ],
  learned: learnedIn(runs.map(({ trajectory }) => trajectory)),
});

/** What any of the trajectories found learned, in the order in which they name it. */
function learnedIn(all: readonly (Trajectory | undefined)[]): Comparison['learned'] {
  const items = all.flatMap((one) => one?.items ?? []);
  const keyOf = ({ kind, name }: Pick<TrajectoryItem, 'kind' | 'name'>): string =>
    `${kind} ${name}`;
  const first = new Map(items.toReversed().map((item) => [keyOf(item), item]));
  return [...new Set(items.map(keyOf))].slice(0, SHOWN).flatMap((key) => {
    const item = first.get(key);
    if (!item) return [];
    const { kind, name, inWords } = item;
    const runs = all.map((one) => one?.items.find((other) => keyOf(other) === key)?.looks ?? null);
    return [{ kind, name, inWords, runs }];
  });
}

function differingSettings(
  all: readonly Readonly<Record<string, unknown>>[],
): Comparison['settings'] {
  const leaves = all.map((settings) => new Map(leavesOf(settings)));
  const names = [...new Set(leaves.flatMap((one) => [...one.keys()]))];
  return names
    .map((name) => ({ name, values: leaves.map((one) => one.get(name) ?? '–') }))
    .filter(({ values }) => new Set(values).size > 1);
}

/** Single settings by their paths: `trainer.k`. */
function leavesOf(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [[path, JSON.stringify(value) ?? '–']];
  return Object.entries(value).flatMap(([key, part]) =>
    leavesOf(part, path === '' ? key : `${path}.${key}`),
  );
}

type Judged = ReadonlyMap<string, { readonly effect: number | null; readonly flagged: boolean }>;

const wordsOf = (report: AuditReport | undefined): Judged =>
  new Map(
    (report?.words ?? []).map(({ word, estimate, flagged }) => [
      word,
      { effect: estimate, flagged },
    ]),
  );

const propertiesOf = (report: AuditReport | undefined): Judged =>
  new Map(
    (report?.properties ?? []).map(({ name, learned, flagged }) => [
      name,
      { effect: learned?.effect ?? null, flagged },
    ]),
  );

/** What is flagged in some of the runs and not in others, furthest apart first. */
function differing(
  kind: Comparison['differing'][number]['kind'],
  all: readonly Judged[],
): Comparison['differing'] {
  const names = [...new Set(all.flatMap((one) => [...one.keys()]))];
  return names
    .map((name) => ({
      kind,
      name,
      values: all.map((one) => one.get(name) ?? { effect: null, flagged: false }),
    }))
    .filter(({ values }) => new Set(values.map(({ flagged }) => flagged)).size > 1)
    .sort((a, b) => apart(b.values) - apart(a.values) || a.name.localeCompare(b.name))
    .slice(0, SHOWN);
}

function apart(values: Comparison['differing'][number]['values']): number {
  const effects = values.flatMap(({ effect }) => (effect === null ? [] : [effect]));
  return effects.length === 0 ? 0 : Math.max(...effects) - Math.min(...effects);
}
