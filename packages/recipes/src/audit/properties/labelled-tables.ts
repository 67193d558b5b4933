import type { ColumnType, TableRow } from '@feedprint/pipeline';
import type { LabelledReplies, RatedReplies } from '@feedprint/probe';
import type { ReplyVerdictReport } from '@feedprint/report/chapters/properties';
import type { Table } from '../finding.ts';
import { known } from '../known.ts';
import { labelledPairs } from '../pairs/prepared-pairs.ts';
import type { PreparedPairs } from '../pairs/prepared-pairs.ts';
import type { PreparedRatings } from '../ratings/prepared-ratings.ts';
import type { ToldScores } from '../told/told-scores.ts';
import type { FoundInPairs } from './found/found-properties.ts';
import { withFound } from './found/with-found.ts';
import { influencesOn } from './influences.ts';
import type { MeasuredReplies } from './measure-replies.ts';
import { teachingTable } from './teaching-table.ts';

/** What tables say of a property. */
export interface Named {
  readonly name: string;
}

/** A column for each property. */
export const propertyColumns = (properties: readonly Named[]): Record<string, ColumnType> =>
  Object.fromEntries(properties.map(({ name }) => [name, 'DOUBLE' as const]));

/** What each property is of one reply; null where nothing can be said. */
export const valuesOf = (
  properties: readonly Named[],
  columns: readonly Float64Array[],
  reply: number,
): TableRow =>
  Object.fromEntries(
    properties.map(({ name }, p) => {
      const value = columns[p]?.[reply] as number;
      return [name, Number.isNaN(value) ? null : value];
    }),
  );

/** `rated_replies`: every property of every reply that was rated. */
export const ratedTable = (
  { records, encoded }: PreparedRatings,
  properties: readonly Named[],
  { labels }: MeasuredReplies<RatedReplies>,
): Table => ({
  name: 'rated_replies',
  columns: {
    reply_index: 'INTEGER',
    prompt_text: 'VARCHAR',
    reply: 'VARCHAR',
    rating: 'DOUBLE',
    reply_group: 'INTEGER',
    ...propertyColumns(properties),
  },
  rows: records.map(({ prompt, reply, rating }, i) => ({
    reply_index: known(encoded[i], `reply ${i}`).index,
    prompt_text: prompt,
    reply,
    rating,
    reply_group: labels.groups[i] as number,
    ...valuesOf(properties, labels.values, i),
  })),
});

/** `pair_properties`: every property of both replies of every pair, ties last. */
export const pairTable = (
  pairs: PreparedPairs,
  properties: readonly Named[],
  { labels }: MeasuredReplies<LabelledReplies>,
  /** What the reward says of the pairs' replies, where there is one. */
  rewarded: ToldScores | undefined,
): Table => ({
  name: 'pair_properties',
  columns: {
    pair: 'INTEGER',
    side: 'VARCHAR',
    prompt_text: 'VARCHAR',
    reply: 'VARCHAR',
    tie: 'BOOLEAN',
    weight: 'DOUBLE',
    rewarded: 'DOUBLE',
    ...propertyColumns(properties),
  },
  rows: labelledPairs(pairs).flatMap(({ index, record }, i) =>
    (['chosen', 'rejected'] as const).map((side) => ({
      pair: index,
      side,
      prompt_text: record.prompt,
      reply: record[side],
      tie: record.tie ?? false,
      weight: record.weight ?? 1,
      rewarded: rewarded?.[side][i] ?? null,
      ...valuesOf(properties, labels[side], i),
    })),
  ),
});

interface InfluenceTableJob {
  readonly pairs: PreparedPairs;
  /** The counted properties. */
  readonly properties: readonly Named[];
  readonly measured: MeasuredReplies<LabelledReplies>;
  readonly found: readonly FoundInPairs[];
  readonly teaching: ReplyVerdictReport['teaching'];
}

/** `teaching_pairs`: how much each pair adds to the effects of the properties that some pairs are known to have taught. */
export function influenceTable(job: InfluenceTableJob): Table {
  const { pairs, properties, measured, found, teaching } = job;
  const all = withFound(properties, measured, found);
  const { chosen, rejected } = all.measured.labels;
  return teachingTable({
    influences: influencesOn([...new Set(teaching.map(({ property }) => property))], {
      ...{ measured, found },
      names: properties.map(({ name }) => name),
    }),
    differenceOf: (name, i) => {
      const place = all.properties.findIndex((one) => one.name === name);
      return (chosen[place]?.[i] as number) - (rejected[place]?.[i] as number);
    },
    indices: labelledPairs(pairs).map(({ index }) => index),
    teaching,
  });
}
