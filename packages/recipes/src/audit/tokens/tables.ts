import type { TableRow } from '@feedprint/pipeline';
import type { Captured } from '../capture/capture.ts';
import type { AuditContext } from '../context.ts';
import type { Table } from '../finding.ts';

/** `tables/tokens.parquet`: every token of the texts with both models' log-probability of it, null for a text's first. */
export const tokenTables = (context: AuditContext, captured: Captured): Table[] => [
  {
    name: 'tokens',
    columns: {
      text: 'INTEGER',
      position: 'INTEGER',
      token: 'INTEGER',
      base: 'DOUBLE',
      tuned: 'DOUBLE',
    },
    rows: tokenRows(context, captured),
  },
];

function* tokenRows({ rows }: AuditContext, captured: Captured): Generator<TableRow> {
  const { base, tuned } = captured.logProbs();
  let at = 0;
  for (const [text, row] of rows.entries()) {
    for (const [position, token] of row.entries()) {
      const of = (values: Float32Array): number | null =>
        position === 0 ? null : (values[at] as number);
      yield { text, position, token, base: of(base), tuned: of(tuned) };
      at++;
    }
  }
}
