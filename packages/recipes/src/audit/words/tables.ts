import type { TableRow } from '@feedprint/pipeline';
import type { PartOf } from '@feedprint/report';
import type { words as chapter } from '@feedprint/report/chapters/words';
import type { Captured } from '../capture/capture.ts';
import type { AuditContext } from '../context.ts';
import type { Table } from '../finding.ts';

/** `tables/words.parquet`, and `counts`: how often each model expects each word in each text. */
export const wordTables = (
  context: AuditContext,
  captured: Captured,
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
