import type { Table } from '../finding.ts';
import type { WholeTexts } from './whole-texts.ts';

/** `tables/replies.parquet`: every text; empty if there are too few to say anything. */
export const textTables = (found: WholeTexts): Table[] => [
  {
    name: 'replies',
    columns: {
      text: 'INTEGER',
      tokens: 'INTEGER',
      stated: 'DOUBLE',
      reward: 'DOUBLE',
      expected: 'DOUBLE',
      score: 'DOUBLE',
      p: 'DOUBLE',
      q: 'DOUBLE',
      flagged: 'BOOLEAN',
    },
    rows: (found?.texts ?? []).map((text, i) => ({ text: i, ...text })),
  },
];
