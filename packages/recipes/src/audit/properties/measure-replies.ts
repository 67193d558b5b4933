import type { Property, Reply } from '@feedprint/core';
import { measureProperties } from '@feedprint/feedback';
import type { FreshReplies, LabelledReplies } from '@feedprint/probe';
import type { StageContext } from '@feedprint/pipeline';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import type { PreparedPairs } from '../pairs/prepared-pairs.ts';
import { repliesBy } from './fresh-replies.ts';
import type { WrittenReplies } from './fresh-replies.ts';
import type { MeasuredRatios } from './log-ratios.ts';
import { freshPrompts } from './prompts.ts';

/** What an audit measures of the fresh replies and of those of the pairs, property by property. */
export interface MeasuredReplies {
  readonly fresh: FreshReplies;
  readonly labels: LabelledReplies;
}

interface MeasureJob {
  readonly context: AuditContext;
  readonly pairs: PreparedPairs;
  readonly properties: readonly Property[];
  readonly written: readonly WrittenReplies[];
  readonly ratios: MeasuredRatios;
  readonly stage?: StageContext;
}

/** Measures all properties of all replies. */
export async function measureReplies(job: MeasureJob): Promise<MeasuredReplies> {
  const { context, pairs, properties, written, ratios, stage } = job;
  const { records } = pairs;
  const sets: readonly (readonly Reply[])[] = [
    repliesBy(context, pairs, written, 'base'),
    repliesBy(context, pairs, written, 'tuned'),
    records.map(({ prompt, chosen }) => ({ prompt, reply: chosen })),
    records.map(({ prompt, rejected }) => ({ prompt, reply: rejected })),
  ];
  const total = sets.reduce((sum, { length }) => sum + length, 0);
  let before = 0;
  const measured: Float64Array[][] = [];
  for (const replies of sets) {
    measured.push(
      await measureProperties(properties, replies, {
        onProgress: (done) => stage?.progress(before + done, total, 'replies'),
      }),
    );
    before += replies.length;
  }
  const [base, tuned, chosen, rejected] = measured.map((one) => known(one, 'properties'));
  return {
    fresh: {
      base: known(base, 'properties of the base'),
      tuned: known(tuned, 'properties of the tuned model'),
      ratios: ratios.ratios,
      prompts: numbered(
        freshPrompts(context, pairs, context.settings.freshReplies).map(({ prompt }) => prompt),
      ),
    },
    labels: {
      chosen: known(chosen, 'properties of preferred replies'),
      rejected: known(rejected, 'properties of other replies'),
      weights: Float64Array.from(records, ({ weight = 1 }) => weight),
      ties: Uint8Array.from(records, ({ tie }) => Number(tie ?? false)),
      groups: linkedPairs(pairs),
    },
  };
}

/** Equal numbers for equal values, from 0 in order of appearance. */
export function numbered(values: readonly unknown[]): Int32Array {
  const numbers = new Map<unknown, number>();
  return Int32Array.from(values, (value) => {
    const number = numbers.get(value) ?? numbers.size;
    numbers.set(value, number);
    return number;
  });
}

/** What pairs may have in common. */
interface LinkedPairs {
  readonly records: readonly { readonly chosen: string; readonly rejected: string }[];
  /** Number of each pair's prompt. */
  readonly prompts: ArrayLike<number>;
}

/** A number for each pair, equal for pairs that a chain of common prompts and replies connects. */
export function linkedPairs({ records, prompts }: LinkedPairs): Int32Array {
  const leader = Int32Array.from(records.keys());
  const find = (i: number): number => {
    let at = i;
    while (leader[at] !== at) at = leader[at] = leader[leader[at] as number] as number;
    return at;
  };
  const first = new Map<string, number>();
  records.forEach(({ chosen, rejected }, i) => {
    for (const key of [`prompt ${prompts[i]}`, `reply ${chosen}`, `reply ${rejected}`]) {
      const other = first.get(key);
      if (other === undefined) first.set(key, i);
      else leader[find(i)] = find(other);
    }
  });
  return numbered(Array.from(records.keys(), find));
}
