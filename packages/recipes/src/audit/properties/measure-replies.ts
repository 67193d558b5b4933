import type { Property, Reply } from '@feedprint/core';
import { measureProperties } from '@feedprint/feedback';
import type {
  FreshReplies,
  LabelledReplies,
  PropertyEvidence,
  RatedReplies,
} from '@feedprint/probe';
import type { StageContext } from '@feedprint/pipeline';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import { numbered } from '../linked-replies.ts';
import { labelledPairs } from '../pairs/prepared-pairs.ts';
import type { PreparedPairs } from '../pairs/prepared-pairs.ts';
import { areRated } from '../prepared-replies.ts';
import type { PreparedReplies } from '../prepared-replies.ts';
import type { PreparedRatings } from '../ratings/prepared-ratings.ts';
import { repliesBy } from './fresh-replies.ts';
import type { WrittenReplies } from './fresh-replies.ts';
import type { MeasuredRatios } from './log-ratios.ts';
import { freshPrompts } from './prompts.ts';

/** What an audit measures of the fresh replies and of those of which something was said, property by property. */
export interface MeasuredReplies<Labels = NonNullable<PropertyEvidence['labels']>> {
  readonly fresh: FreshReplies;
  readonly labels: Labels;
}

interface MeasureJob {
  readonly context: AuditContext;
  readonly properties: readonly Property[];
  readonly written: readonly WrittenReplies[];
  readonly ratios: MeasuredRatios;
  readonly stage?: StageContext;
}

/** Measures all properties of all replies. */
export const measureReplies = (
  job: MeasureJob,
  replies: PreparedReplies,
): Promise<MeasuredReplies> =>
  areRated(replies) ? measureRatings(job, replies) : measurePairs(job, replies);

/** Measures all properties of the fresh replies and of those of the pairs, then of the ties. */
export async function measurePairs(
  job: MeasureJob,
  pairs: PreparedPairs,
): Promise<MeasuredReplies<LabelledReplies>> {
  const records = labelledPairs(pairs).map(({ record }) => record);
  const { fresh, others } = await measureSets(job, pairs, [
    records.map(({ prompt, chosen }) => ({ prompt, reply: chosen })),
    records.map(({ prompt, rejected }) => ({ prompt, reply: rejected })),
  ]);
  return {
    fresh,
    labels: {
      chosen: known(others[0], 'properties of preferred replies'),
      rejected: known(others[1], 'properties of other replies'),
      weights: Float64Array.from(records, ({ weight = 1 }) => weight),
      ties: Uint8Array.from(records, ({ tie }) => Number(tie ?? false)),
      groups: pairs.groups,
    },
  };
}

/** Measures all properties of the fresh replies and of those that were rated. */
export async function measureRatings(
  job: MeasureJob,
  rated: PreparedRatings,
): Promise<MeasuredReplies<RatedReplies>> {
  const { fresh, others } = await measureSets(job, rated, [rated.records]);
  return {
    fresh,
    labels: {
      values: known(others[0], 'properties of rated replies'),
      ratings: Float64Array.from(rated.records, ({ rating }) => rating),
      groups: rated.groups,
    },
  };
}

async function measureSets(
  { context, properties, written, ratios, stage }: MeasureJob,
  replies: PreparedReplies,
  others: readonly (readonly Reply[])[],
): Promise<{ readonly fresh: FreshReplies; readonly others: readonly Float64Array[][] }> {
  const sets: readonly (readonly Reply[])[] = [
    repliesBy(context, replies, written, 'base'),
    repliesBy(context, replies, written, 'tuned'),
    ...others,
  ];
  const total = sets.reduce((sum, { length }) => sum + length, 0);
  let before = 0;
  const measured: Float64Array[][] = [];
  for (const set of sets) {
    measured.push(
      await measureProperties(properties, set, {
        onProgress: (done) => stage?.progress(before + done, total, 'replies'),
      }),
    );
    before += set.length;
  }
  const [base, tuned, ...rest] = measured;
  return {
    fresh: {
      base: known(base, 'properties of the base'),
      tuned: known(tuned, 'properties of the tuned model'),
      ratios: ratios.ratios,
      prompts: numbered(
        freshPrompts(context, replies, context.settings.freshReplies).map(({ prompt }) => prompt),
      ),
    },
    others: rest,
  };
}
