import { FeedprintError } from '@feedprint/core';
import { query } from '@feedprint/pipeline';
import type { TableValue } from '@feedprint/pipeline';
import { z } from 'zod';
import { Refused } from '../http/respond.ts';
import { tablePath } from './run-folders.ts';
import type { RunFolder } from './run-folders.ts';

export interface RunQuery<T> {
  readonly tables: readonly string[];
  /** `$1`, `$2`, ... stand for `parameters`; no text of a run or a client is ever part of it. */
  readonly sql: string;
  readonly parameters?: readonly TableValue[];
  readonly row: z.ZodType<T>;
}

/** Rows of a query over tables of a run, by DuckDB. Refuses for a table that is missing or cannot be read. */
export async function queryTables<T>(
  run: RunFolder,
  { tables, sql, parameters, row }: RunQuery<T>,
): Promise<T[]> {
  const paths: Record<string, string> = {};
  for (const table of tables) paths[table] = await tablePath(run, table);
  try {
    const rows = await query({ tables: paths, sql, ...(parameters && { parameters }) });
    return z.array(row).parse(rows);
  } catch (error) {
    if (!FeedprintError.is(error) && !(error instanceof z.ZodError)) throw error;
    const message = `The tables of this run cannot be read (${tables.join(', ')}): they are incomplete or of another version.`;
    throw new Refused(422, 'run-invalid', message);
  }
}
