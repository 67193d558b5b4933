import { stat } from 'node:fs/promises';
import { z } from 'zod';
import type { TextQuery } from '../../api/texts.ts';
import { createKeeper } from '../models/keeper.ts';
import { queryTables } from '../runs/query-tables.ts';
import { tablePath } from '../runs/run-folders.ts';
import type { RunFolder } from '../runs/run-folders.ts';

const figuresSchema = z.object({
  text: z.int(),
  length: z.number(),
  mean: z.number().nullable(),
  moved: z.number().nullable(),
});

/** How far tuning moved the tokens of a text, nats. */
export type TextFigures = z.infer<typeof figuresSchema>;

/** Runs whose figures are kept. */
const KEPT = 2;

const kept = createKeeper(KEPT, (run: RunFolder) =>
  queryTables(run, {
    tables: ['tokens'],
    sql: `SELECT text, count(*) AS length, avg(tuned - base) AS mean, avg(abs(tuned - base)) AS moved
      FROM tokens GROUP BY text ORDER BY text`,
    row: figuresSchema,
  }),
);

/** Every text of a run in its order, summed up; read again when the table was written. */
export async function readTextFigures(run: RunFolder): Promise<readonly TextFigures[]> {
  const { mtimeMs, size } = await stat(await tablePath(run, 'tokens'));
  return kept.get(`${run.folder}\n${mtimeMs} ${size}`, run);
}

/** Texts in the order that is asked for; those without a shift last. */
export function sortedTexts(
  texts: readonly TextFigures[],
  sort: TextQuery['sort'],
): readonly TextFigures[] {
  if (sort === 'order') return texts;
  const size = ({ mean, moved }: TextFigures): number => {
    const value = sort === 'moved' ? moved : mean;
    return value === null ? -Infinity : sort === 'down' ? -value : value;
  };
  return texts.toSorted((a, b) => (size(a) === size(b) ? 0 : size(b) - size(a)));
}
