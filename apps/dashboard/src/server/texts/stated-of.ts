import { z } from 'zod';
import { toRefused } from '../http/respond.ts';
import { queryTables } from '../runs/query-tables.ts';
import { hasTable } from '../runs/run-folders.ts';
import type { RunFolder } from '../runs/run-folders.ts';

const row = z.object({ token: z.int(), stated: z.number() });

/** What was stated of tokens, by their ids; nothing where the run states nothing of words, or not readably. */
export async function statedOf(run: RunFolder): Promise<ReadonlyMap<number, number>> {
  if (!(await hasTable(run, 'words'))) return new Map();
  const sql = 'SELECT token, stated FROM words';
  try {
    const rows = await queryTables(run, { tables: ['words'], sql, row });
    return new Map(rows.map(({ token, stated }) => [token, stated]));
  } catch (error) {
    if (toRefused(error)) return new Map(); // The texts stand without it.
    throw error;
  }
}
