import { join } from 'node:path';
import type { ChangeScore } from './change-score.ts';
import { readParquet } from '@feedprint/pipeline';
import type { Table } from '../finding.ts';

const NAME = 'changes';

/** `tables/changes.parquet`: what label-free methods say about words. */
export const changeTables = (scores: readonly ChangeScore[]): Table[] => [
  {
    name: NAME,
    columns: {
      method: 'VARCHAR',
      word: 'VARCHAR',
      token: 'INTEGER',
      value: 'DOUBLE',
      signed: 'BOOLEAN',
      n: 'INTEGER',
    },
    rows: scores.map((score) => ({ ...score })),
  },
];

/**
 * What label-free methods say about words in a finished audit's folder. Throws `run-invalid` if it has no such table.
 */
export const readChangeScores = async (runFolder: string): Promise<ChangeScore[]> =>
  (await readParquet(join(runFolder, 'tables', `${NAME}.parquet`))) as unknown as ChangeScore[];
