import { writeParquet } from '../tables.ts';
import type { EstimatedFigures } from './judge.ts';

/** Writes what every estimator and control says about every word: `tables/estimates.parquet`. */
export async function writeEstimates(
  figures: readonly EstimatedFigures[],
  file: string,
): Promise<void> {
  await writeParquet({
    file,
    columns: {
      estimator: 'VARCHAR',
      control: 'VARCHAR',
      word: 'VARCHAR',
      token: 'INTEGER',
      stated: 'DOUBLE',
      estimate: 'DOUBLE',
      low: 'DOUBLE',
      high: 'DOUBLE',
      n: 'INTEGER',
      score: 'DOUBLE',
      p: 'DOUBLE',
      q: 'DOUBLE',
      flagged: 'BOOLEAN',
    },
    rows: figures.flatMap(({ estimator, control, words }) =>
      words.map((word) => ({ estimator, control, ...word })),
    ),
  });
}
