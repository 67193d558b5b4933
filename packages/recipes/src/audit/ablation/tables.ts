import type { Table } from '../finding.ts';
import type { ValidationTables } from './validate.ts';

/** `tables/generations.parquet` (every completion of every run) and `enrichment` (every 2 x 2 table). */
export const ablationTables = ({ generations, enrichment }: ValidationTables): Table[] => [
  {
    name: 'generations',
    columns: {
      run: 'VARCHAR',
      kind: 'VARCHAR',
      against: 'VARCHAR',
      draw: 'INTEGER',
      prompt: 'INTEGER',
      reward: 'DOUBLE',
      expected: 'DOUBLE',
      kl: 'DOUBLE',
      logProbBase: 'DOUBLE',
      repeated: 'DOUBLE',
      tokens: 'INTEGER',
      text: 'VARCHAR',
    },
    rows: generations.map((row) => ({ ...row })),
  },
  {
    name: 'enrichment',
    columns: {
      of: 'VARCHAR',
      draw: 'INTEGER',
      features: 'VARCHAR',
      strongActive: 'INTEGER',
      strongSilent: 'INTEGER',
      otherActive: 'INTEGER',
      otherSilent: 'INTEGER',
      oddsRatio: 'DOUBLE',
      p: 'DOUBLE',
    },
    rows: enrichment.map(({ features, table: [strong, other], ...row }) => ({
      ...row,
      features: features.join(' '),
      strongActive: strong[0],
      strongSilent: strong[1],
      otherActive: other[0],
      otherSilent: other[1],
    })),
  },
];
