import type { PropertyReport, ReplyVerdictReport } from '@feedprint/report/chapters/properties';
import type { AuditContext } from '../context.ts';
import type { Table } from '../finding.ts';
import { known } from '../known.ts';
import { roles } from '../model-role.ts';
import { areRated } from '../prepared-replies.ts';
import type { PreparedReplies } from '../prepared-replies.ts';
import type { ToldScores } from '../told/told-scores.ts';
import { repliesBy } from './fresh-replies.ts';
import type { WrittenReplies } from './fresh-replies.ts';
import {
  influenceTable,
  pairTable,
  propertyColumns,
  ratedTable,
  valuesOf,
} from './labelled-tables.ts';
import type { Named } from './labelled-tables.ts';
import { measurePairs, measureRatings } from './measure-replies.ts';
import type { MeasuredReplies } from './measure-replies.ts';
import type { MeasuredRatios } from './log-ratios.ts';
import type { FoundInPairs } from './found/found-properties.ts';
import { withFound } from './found/with-found.ts';

interface PropertyTablesJob {
  readonly context: AuditContext;
  readonly replies: PreparedReplies;
  readonly written: readonly WrittenReplies[];
  readonly ratios: MeasuredRatios;
  readonly found: readonly FoundInPairs[];
  /** What the reward says of the pairs' replies, where there is one. */
  readonly rewarded: ToldScores | undefined;
}

/**
 * `tables/properties.parquet` (a row per property), `fresh_replies` (a row per reply, with R and every property), and of pairs
 * `pair_properties` (every property of both replies of every pair, null where one was found in the pair or not measured) and `teaching_pairs` (a row per flagged property and pair),
 * of replies that were rated alone `rated_replies`.
 */
export async function propertyTables(
  job: PropertyTablesJob,
  part: {
    readonly properties: readonly PropertyReport[];
    readonly replyVerdict: ReplyVerdictReport;
  },
): Promise<Table[]> {
  const { context, replies, written, ratios, found, rewarded } = job;
  const properties = known(context.parts.properties, 'what measures properties').measured(
    context.models.tuned.tokenizer,
  );
  const measuring = { context, properties, written, ratios };
  const first = propertiesTable(part.properties);
  if (areRated(replies)) {
    const measured = await measureRatings(measuring, replies);
    return [
      first,
      freshTable(job, properties, measured),
      ratedTable(replies, properties, measured),
    ];
  }
  const measured = await measurePairs(measuring, replies);
  const all = withFound(properties, measured, found);
  return [
    first,
    freshTable(job, all.properties, all.measured),
    pairTable(replies, all.properties, all.measured, rewarded),
    influenceTable({
      ...{ pairs: replies, properties, measured, found },
      teaching: part.replyVerdict.teaching,
    }),
  ];
}

const freshTable = (
  { context, replies, written, ratios }: PropertyTablesJob,
  properties: readonly Named[],
  { fresh }: Pick<MeasuredReplies, 'fresh'>,
): Table => ({
  name: 'fresh_replies',
  columns: {
    draw: 'INTEGER',
    model: 'VARCHAR',
    prompt_text: 'VARCHAR',
    reply: 'VARCHAR',
    R: 'DOUBLE',
    ...propertyColumns(properties),
  },
  rows: roles.flatMap((role) =>
    repliesBy(context, replies, written, role).map(({ prompt, reply }, draw) => ({
      draw,
      model: role,
      prompt_text: prompt,
      reply,
      R: ratios.ratios[role][draw] as number,
      ...valuesOf(properties, fresh[role], draw),
    })),
  ),
});

const columnsOf = ['told', 'inData', 'learned', 'behaves', 'causes'] as const;

function propertiesTable(properties: readonly PropertyReport[]): Table {
  return {
    name: 'properties',
    columns: {
      name: 'VARCHAR',
      definition: 'VARCHAR',
      verdict: 'VARCHAR',
      flagged: 'BOOLEAN',
      settled: 'BOOLEAN',
      score: 'DOUBLE',
      share: 'DOUBLE',
      shareLow: 'DOUBLE',
      shareHigh: 'DOUBLE',
      placebo: 'DOUBLE',
      dealt: 'DOUBLE',
      declared: 'INTEGER',
      asked: 'INTEGER',
      partner: 'VARCHAR',
      mostly: 'VARCHAR',
      mostlyR: 'DOUBLE',
      explained: 'DOUBLE',
      aloneInData: 'DOUBLE',
      aloneLearned: 'DOUBLE',
      ...Object.fromEntries(
        columnsOf.flatMap((column) =>
          ['', 'Low', 'High', 'Q'].map((part) => [`${column}${part}`, 'DOUBLE' as const]),
        ),
      ),
    },
    rows: properties.map((one) => ({
      name: one.name,
      definition: one.definition,
      verdict: one.verdict,
      flagged: one.flagged,
      settled: one.settled,
      score: one.score,
      share: one.share?.value ?? null,
      shareLow: one.share?.low ?? null,
      shareHigh: one.share?.high ?? null,
      placebo: one.placebo,
      dealt: one.dealt,
      declared: one.declared,
      asked: one.asked,
      partner: one.partner,
      mostly: one.resembles?.mostly?.property ?? null,
      mostlyR: one.resembles?.mostly?.r ?? null,
      explained: one.resembles?.explained ?? null,
      aloneInData: one.alone.inData,
      aloneLearned: one.alone.learned,
      ...Object.fromEntries(
        columnsOf.flatMap((column) => [
          [column, one[column]?.effect ?? null],
          [`${column}Low`, one[column]?.low ?? null],
          [`${column}High`, one[column]?.high ?? null],
          [`${column}Q`, one[column]?.q ?? null],
        ]),
      ),
    })),
  };
}
