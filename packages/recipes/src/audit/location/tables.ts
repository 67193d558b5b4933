import type { TableRow } from '@feedprint/pipeline';
import type { AuditContext } from '../context.ts';
import type { Table } from '../finding.ts';
import type { Located } from './located.ts';

/**
 * `tables/location.parquet`: what the models say along the feedback in each text, with each part exchanged;
 * `tables/location_words.parquet`: how often they expect each word; `tables/unembedding.parquet`: the rows of its change.
 */
export function locationTables({ words }: AuditContext, located: Located): Table[] {
  const { index, contexts, exchanged, rows } = located;
  return [
    {
      name: 'location',
      columns: {
        place: 'VARCHAR',
        way: 'VARCHAR',
        text: 'INTEGER',
        contexts: 'INTEGER',
        expected: 'DOUBLE',
        slope: 'DOUBLE',
      },
      rows: exchanged.flatMap(({ place, way, outcome: { expected, slope } }) =>
        index.map((text, i): TableRow => ({
          ...{ place, way, text, contexts: contexts[i] as number },
          expected: expected[i] as number,
          slope: slope[i] as number,
        })),
      ),
    },
    {
      name: 'location_words',
      columns: {
        place: 'VARCHAR',
        way: 'VARCHAR',
        token: 'INTEGER',
        word: 'VARCHAR',
        stated: 'DOUBLE',
        expected: 'DOUBLE',
      },
      rows: exchanged.flatMap(({ place, way, outcome }) =>
        words.map(({ id, word, stated }, w): TableRow => ({
          ...{ place, way, token: id, word, stated },
          expected: outcome.words[w] as number,
        })),
      ),
    },
    {
      name: 'unembedding',
      columns: {
        token: 'INTEGER',
        text: 'VARCHAR',
        expected: 'DOUBLE',
        effect: 'DOUBLE',
        moved: 'DOUBLE',
        stated: 'DOUBLE',
      },
      rows: rows.map((row) => ({ ...row })),
    },
  ];
}
