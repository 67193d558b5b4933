import { join } from 'node:path';
import { readParquet, writeParquet } from '../../tables.ts';
import type { ChangeScore } from './change-score.ts';

const fileIn = (runFolder: string): string => join(runFolder, 'tables', 'changes.parquet');

/** Writes what label-free methods say about words as `tables/changes.parquet`. */
export const writeChangeScores = (
  scores: readonly ChangeScore[],
  runFolder: string,
): Promise<void> =>
  writeParquet({
    file: fileIn(runFolder),
    columns: {
      method: 'VARCHAR',
      word: 'VARCHAR',
      token: 'INTEGER',
      value: 'DOUBLE',
      signed: 'BOOLEAN',
      n: 'INTEGER',
    },
    rows: scores.map((score) => ({ ...score })),
  });

/** What label-free methods say about words in a finished audit's folder. Throws `run-invalid` if it holds no such table. */
export const readChangeScores = async (runFolder: string): Promise<ChangeScore[]> =>
  (await readParquet(fileIn(runFolder))) as unknown as ChangeScore[];
