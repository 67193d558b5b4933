import type { Matrix } from '@feedprint/core';
import type { TableRow } from '@feedprint/pipeline';
import type { PartOf } from '@feedprint/report';
import type { words as chapter } from '@feedprint/report/chapters/words';
import type { Captured } from '../capture/capture.ts';
import type { AuditContext } from '../context.ts';
import type { PlaceboCounts } from '../placebos/placebo-parts.ts';
import { placeboCounts } from './evidence.ts';
import type { Table } from '../finding.ts';

/**
 * `tables/words.parquet`; `counts`: how often each model expects each word in each text; `placebos`: how often the base and each placebo expect it in
 * the texts that those were run on.
 */
export const wordTables = (
  context: AuditContext,
  { captured, placebos }: { readonly captured: Captured; readonly placebos: PlaceboCounts },
  { words }: PartOf<typeof chapter>,
): Table[] => [
  {
    name: 'words',
    columns: {
      word: 'VARCHAR',
      token: 'INTEGER',
      stated: 'DOUBLE',
      estimate: 'DOUBLE',
      low: 'DOUBLE',
      high: 'DOUBLE',
      n: 'INTEGER',
      drift: 'DOUBLE',
      expected: 'DOUBLE',
      score: 'DOUBLE',
      reversed: 'DOUBLE',
      q: 'DOUBLE',
      power: 'DOUBLE',
      detectable: 'DOUBLE',
      flagged: 'BOOLEAN',
    },
    rows: words.map(({ interval, ...word }) => ({ ...word, ...interval })),
  },
  {
    name: 'counts',
    columns: { text: 'INTEGER', token: 'INTEGER', base: 'DOUBLE', tuned: 'DOUBLE' },
    rows: countRows(context, captured),
  },
  {
    name: 'placebos',
    columns: { name: 'VARCHAR', token: 'INTEGER', base: 'DOUBLE', tuned: 'DOUBLE' },
    rows: placeboRows(context, placebos),
  },
];

/** How often each model expects each scored word in each text. */
function* countRows({ rows, words }: AuditContext, captured: Captured): Generator<TableRow> {
  const { base, tuned } = captured.expectedCounts();
  for (let text = 0; text < rows.length; text++) {
    for (const [w, { id }] of words.entries()) {
      const at = text * words.length + w;
      yield {
        text,
        token: id,
        base: base.data[at] as number,
        tuned: tuned.data[at] as number,
      };
    }
  }
}

function* placeboRows(context: AuditContext, { base, models }: PlaceboCounts): Generator<TableRow> {
  for (const { name, counts } of models) {
    const { words } = placeboCounts(context, base, counts);
    for (const [w, { id }] of context.words.entries()) {
      yield { name, token: id, base: columnSum(words.base, w), tuned: columnSum(words.tuned, w) };
    }
  }
}

function columnSum({ data, rows, columns }: Matrix, column: number): number {
  let sum = 0;
  for (let r = 0; r < rows; r++) sum += data[r * columns + column] as number;
  return sum;
}
