import type { ColumnType, TableRow } from '@feedprint/pipeline';
import type { PropertyReport, ReplyVerdictReport } from '@feedprint/report/chapters/properties';
import type { AuditContext } from '../context.ts';
import type { Table } from '../finding.ts';
import { known } from '../known.ts';
import { roles } from '../model-role.ts';
import type { PreparedPairs } from '../pairs/prepared-pairs.ts';
import type { ToldScores } from '../told/told-scores.ts';
import { repliesBy } from './fresh-replies.ts';
import type { WrittenReplies } from './fresh-replies.ts';
import { influencesOn } from './influences.ts';
import { measureReplies } from './measure-replies.ts';
import type { MeasuredRatios } from './log-ratios.ts';
import { teachingTable } from './teaching-table.ts';

interface PropertyTablesJob {
  readonly context: AuditContext;
  readonly pairs: PreparedPairs;
  readonly written: readonly WrittenReplies[];
  readonly ratios: MeasuredRatios;
  /** What the reward says of the pairs' replies, where there is one. */
  readonly rewarded: ToldScores | undefined;
}

/**
 * `tables/properties.parquet` (a row per property), `fresh_replies` (a row per reply, with R and every property),
 * `pair_properties` (every property of both replies of every pair) and `teaching_pairs` (a row per flagged property and pair).
 */
export async function propertyTables(
  { context, pairs, written, ratios, rewarded }: PropertyTablesJob,
  part: {
    readonly properties: readonly PropertyReport[];
    readonly replyVerdict: ReplyVerdictReport;
  },
): Promise<Table[]> {
  const properties = known(context.parts.properties, 'what measures properties').measured(
    context.models.tuned.tokenizer,
  );
  const { fresh, labels } = await measureReplies({ context, pairs, properties, written, ratios });
  const values = (of: readonly Float64Array[], i: number): TableRow =>
    Object.fromEntries(
      properties.map(({ name }, p) => {
        const value = of[p]?.[i] as number;
        return [name, Number.isNaN(value) ? null : value];
      }),
    );
  const measured: Record<string, ColumnType> = Object.fromEntries(
    properties.map(({ name }) => [name, 'DOUBLE' as const]),
  );
  return [
    propertiesTable(part.properties),
    {
      name: 'fresh_replies',
      columns: {
        draw: 'INTEGER',
        model: 'VARCHAR',
        prompt_text: 'VARCHAR',
        reply: 'VARCHAR',
        R: 'DOUBLE',
        ...measured,
      },
      rows: roles.flatMap((role) =>
        repliesBy(context, pairs, written, role).map(({ prompt, reply }, draw) => ({
          draw,
          model: role,
          prompt_text: prompt,
          reply,
          R: ratios.ratios[role][draw] as number,
          ...values(fresh[role], draw),
        })),
      ),
    },
    {
      name: 'pair_properties',
      columns: {
        pair: 'INTEGER',
        side: 'VARCHAR',
        prompt_text: 'VARCHAR',
        reply: 'VARCHAR',
        tie: 'BOOLEAN',
        weight: 'DOUBLE',
        rewarded: 'DOUBLE',
        ...measured,
      },
      rows: pairs.records.flatMap((record, i) =>
        (['chosen', 'rejected'] as const).map((side) => ({
          pair: known(pairs.encoded[i], `pair ${i}`).index,
          side,
          prompt_text: record.prompt,
          reply: record[side],
          tie: record.tie ?? false,
          weight: record.weight ?? 1,
          rewarded: rewarded?.[side][i] ?? null,
          ...values(labels[side], i),
        })),
      ),
    },
    teachingTable({
      influences: influencesOn(
        [...new Set(part.replyVerdict.teaching.map(({ property }) => property))],
        properties.map(({ name }) => name),
        { fresh, labels },
      ),
      differenceOf: (name, i) => {
        const place = properties.findIndex((one) => one.name === name);
        return (labels.chosen[place]?.[i] as number) - (labels.rejected[place]?.[i] as number);
      },
      indices: pairs.encoded.map(({ index }) => index),
      teaching: part.replyVerdict.teaching,
    }),
  ];
}

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
