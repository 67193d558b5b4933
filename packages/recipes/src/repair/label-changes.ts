import { createRandom } from '@feedprint/core';
import type { PairRecord } from '@feedprint/feedback';
import { changedLabels, undoEffects } from '@feedprint/probe';
import type { Comparisons, LabelModel, UndoBy } from '@feedprint/probe';
import type { RepairChange } from './schema.ts';

export interface LabelChangesJob {
  readonly labels: LabelModel;
  /** Places of the properties to be repaired. */
  readonly targets: readonly number[];
  readonly by: UndoBy;
  readonly seed: number;
  /** Index in the file of each compared pair. */
  readonly indices: readonly number[];
  /** The file's pairs, by their index. */
  readonly records: ReadonlyMap<number, PairRecord>;
}

/** What becomes of the pairs of a file, and of the comparisons that they are. */
export interface RepairPlan {
  readonly rows: readonly PairRecord[];
  readonly comparisons: Comparisons;
  readonly changes: readonly RepairChange[];
}

/** Drops or relabels the pairs whose label some properties decided. */
export function changeLabels(job: LabelChangesJob): RepairPlan {
  const { labels, targets, by, seed, indices, records } = job;
  const { changed, chances } = undoEffects(labels.comparisons, {
    ...{ remove: targets, keep: keptBeside(targets, labels), by },
    random: createRandom(seed).fork('repair'),
  });
  const touched = new Map(
    indices.flatMap((index, i) => (changed[i] === 1 ? [[index, i] as const] : [])),
  );
  const changes = [...touched].map(([pair, i]): RepairChange => {
    const difference = differencesOf(labels, targets, i);
    const chance = chances[i] as number;
    return {
      ...{ pair, id: records.get(pair)?.id ?? null, difference, chance },
      action: by === 'drop' ? 'dropped' : 'relabelled',
      reason: `the preferred reply has ${inWords(difference)}; the chance that this decided the label was ${chance.toFixed(2)}`,
    };
  });
  const rows = [...records].flatMap(([index, record]) => {
    if (!touched.has(index)) return [record];
    return by === 'drop' ? [] : [exchanged(record)];
  });
  return { rows, changes, comparisons: changedLabels(labels.comparisons, changed, by) };
}

/** What the labels may go on depending on: what they depend on, but for those that the targets stand in for. */
export const keptBeside = (
  targets: readonly number[],
  { rewarded, standIns }: Pick<LabelModel, 'rewarded' | 'standIns'>,
): readonly number[] => {
  const replaced = targets.flatMap((target) => standIns.get(target) ?? []);
  return rewarded.filter((place) => !replaced.includes(place) || targets.includes(place));
};

/** How far apart the replies of a compared pair are in some properties, in the properties' units. */
export const differencesOf = (
  { names, deviations, comparisons }: LabelModel,
  places: readonly number[],
  pair: number,
): Record<string, number> =>
  Object.fromEntries(
    places.map((place) => [
      names[place] as string,
      (comparisons.differences[place]?.[pair] as number) * (deviations[place] as number),
    ]),
  );

/** Differences of properties: "2 more of exclamation and 1 less of first-person". */
export const inWords = (differences: Readonly<Record<string, number>>): string =>
  Object.entries(differences)
    .filter(([, value]) => value !== 0)
    .map(([name, value]) => {
      const size = Number(Math.abs(value).toPrecision(3));
      return `${size} ${value > 0 ? 'more' : 'less'} of ${name}`;
    })
    .join(' and ');

function exchanged({ chosen, rejected, replyTurns, ...pair }: PairRecord): PairRecord {
  return {
    ...pair,
    chosen: rejected,
    rejected: chosen,
    ...(replyTurns && {
      replyTurns: { chosen: replyTurns.rejected, rejected: replyTurns.chosen },
    }),
  };
}
