import { createRandom, FeedprintError } from '@feedprint/core';
import { measureProperties, standardEdits, standardProperties } from '@feedprint/feedback';
import type { PairRecord, ReplyEdit } from '@feedprint/feedback';
import { labelEffect, othersOf } from '@feedprint/probe';
import type { Comparisons, LabelModel } from '@feedprint/probe';
import type { LabelChangesJob, RepairPlan } from './label-changes.ts';
import type { RepairChange } from './schema.ts';

interface CounterPairsJob extends Omit<LabelChangesJob, 'by'> {
  /** What the labels shall say of each target in the end, logits per standard deviation. */
  readonly goals: readonly number[];
}

/** A reply with less of a property preferred to the same reply with more of it, or the other way round. */
interface CounterPair {
  readonly record: PairRecord;
  /** The compared pair whose reply was edited. */
  readonly source: number;
  readonly edit: ReplyEdit;
}

/**
 * Adds pairs of a reply and the same reply edited in one property, the edited one preferred, as many as it takes to bring the
 * property's effect on the labels to its goal. Throws `usage` where no edit changes a property the way that is needed, or all
 * that can be made do not suffice.
 */
export async function addCounterPairs(job: CounterPairsJob): Promise<RepairPlan> {
  const { labels, targets, goals, records } = job;
  let comparisons = labels.comparisons;
  const rows = [...records.values()];
  const changes: RepairChange[] = [];
  for (const [i, target] of targets.entries()) {
    const goal = goals[i] as number;
    const others = othersOf(target, labels.rewarded, labels.standIns);
    const before = labelEffect(comparisons, target, others).value;
    const candidates = counterPairs(job, target, goal < before ? -1 : 1);
    const compared = await comparisonsOf(labels, candidates);
    const isReached = (count: number): boolean => {
      const { value } = labelEffect(joined(comparisons, compared, count), target, others);
      return goal < before ? value <= goal : value >= goal;
    };
    const count = fewest(candidates.length, isReached);
    if (count === undefined) throw tooFew(labels.names[target] as string, candidates.length);
    comparisons = joined(comparisons, compared, count);
    for (const candidate of candidates.slice(0, count)) {
      rows.push(candidate.record);
      changes.push(changeOf(job, candidate));
    }
  }
  return { rows, comparisons, changes };
}

function counterPairs(
  { labels, seed, indices, records }: CounterPairsJob,
  target: number,
  direction: 1 | -1,
): CounterPair[] {
  const name = labels.names[target] as string;
  const edits = standardEdits.filter(
    (edit) => edit.property === name && edit.direction === direction,
  );
  if (edits.length === 0) throw notEditable(name);
  const order = createRandom(seed)
    .fork(`counter ${name}`)
    .shuffle([...indices.keys()]);
  return order.flatMap((source) => {
    const record = records.get(indices[source] as number);
    if (!record || record.replyTurns) return [];
    const { id = indices[source], split, prompt, turns } = record;
    return (['chosen', 'rejected'] as const).flatMap((side) => {
      for (const edit of edits) {
        const edited = edit.apply(record[side], prompt);
        if (edited === undefined || edited.trim() === '') continue;
        const made: PairRecord = {
          id: `${id}-${edit.name}-${side}`,
          ...(split !== undefined && { split }),
          ...(turns && { turns }),
          ...{ prompt, chosen: edited, rejected: record[side] },
        };
        return [{ record: made, source, edit }];
      }
      return [];
    });
  });
}

/** Candidates as comparisons; what only a model measures counts as unchanged by the edit. */
async function comparisonsOf(
  { names, deviations, comparisons }: LabelModel,
  candidates: readonly CounterPair[],
): Promise<Comparisons> {
  const properties = standardProperties().filter(({ name }) => names.includes(name));
  const measure = (side: 'chosen' | 'rejected'): Promise<Float64Array[]> =>
    measureProperties(
      properties,
      candidates.map(({ record }) => ({ prompt: record.prompt, reply: record[side] })),
    );
  const [chosen, rejected] = [await measure('chosen'), await measure('rejected')];
  return {
    differences: names.map((name, place) => {
      const at = properties.findIndex((one) => one.name === name);
      return Float64Array.from(candidates, (_, i) => {
        const difference = (chosen[at]?.[i] ?? 0) - (rejected[at]?.[i] ?? 0);
        return Number.isNaN(difference) ? 0 : difference / (deviations[place] as number);
      });
    }),
    weights: new Float64Array(candidates.length).fill(1),
    ties: new Uint8Array(candidates.length),
    groups: Int32Array.from(candidates, ({ source }) => comparisons.groups[source] as number),
  };
}

/** Comparisons with the first `count` of others. */
const joined = (a: Comparisons, b: Comparisons, count: number): Comparisons => ({
  differences: a.differences.map((column, j) =>
    Float64Array.from([...column, ...(b.differences[j] as Float64Array).subarray(0, count)]),
  ),
  weights: Float64Array.from([...a.weights, ...b.weights.subarray(0, count)]),
  ties: Uint8Array.from([...a.ties, ...b.ties.subarray(0, count)]),
  groups: Int32Array.from([...a.groups, ...b.groups.subarray(0, count)]),
});

/** The least count from 0 that is enough, if `most` is. */
function fewest(most: number, isEnough: (count: number) => boolean): number | undefined {
  if (!isEnough(most)) return undefined;
  let [low, high] = [-1, most];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function changeOf(
  { indices, records }: CounterPairsJob,
  { record, source, edit }: CounterPair,
): RepairChange {
  const pair = indices[source] as number;
  return {
    ...{ pair, id: records.get(pair)?.id ?? null, action: 'countered' },
    ...{ difference: {}, chance: null },
    reason: `added ${record.id}: one of its replies, and preferred to it the same reply edited. ${edit.definition}`,
  };
}

const notEditable = (name: string): FeedprintError =>
  new FeedprintError({
    code: 'usage',
    message: `no edit changes ${name} alone the way that is needed`,
    remedy: 'use --by drop or --by relabel',
  });

const tooFew = (name: string, count: number): FeedprintError =>
  new FeedprintError({
    code: 'usage',
    message: `the ${count} counter-pairs that edits of ${name} can make do not bring its effect on the labels to where it should be`,
    remedy: 'use --by drop or --by relabel',
  });
