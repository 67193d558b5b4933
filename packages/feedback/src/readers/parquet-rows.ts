import { resolve } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import type { JsonObject, Rows } from './row.ts';
import { textsInvalid } from './texts-invalid.ts';

/**
 * The rows of a Parquet file as objects by column, read as they are asked for. Throws `texts-invalid` for a file that
 * DuckDB cannot read.
 */
export async function* parquetRows(path: string): Rows {
  const { DuckDBInstance } = await loadDuckDb();
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1', // Rows in the file's order.
    autoinstall_known_extensions: 'false', // Never the network.
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  // No character of the path acts as a wildcard.
  const file = resolve(path).replaceAll(/[[*?]/g, '[$&]').replaceAll("'", "''");
  try {
    const result = await connection.stream(`SELECT * FROM read_parquet('${file}')`);
    let number = 0;
    for await (const rows of result.yieldRowObjectJs()) {
      for (const row of rows) yield { value: withNumbers(row), place: `${path}, row ${++number}` };
    }
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw textsInvalid(`${path} cannot be read as Parquet: ${message}`, 'download it again', cause);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** 64-bit integers as numbers, if these are exact. */
const withNumbers = (row: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(row).map(([name, cell]) => [
      name,
      typeof cell === 'bigint' && Number.isSafeInteger(Number(cell)) ? Number(cell) : cell,
    ]),
  );

async function loadDuckDb() {
  try {
    return await import('@duckdb/node-api'); // Heavy, and needed only for Parquet.
  } catch (cause) {
    throw new FeedprintError({
      code: 'dependency-missing',
      message: 'Parquet files are read with @duckdb/node-api, which could not be loaded',
      remedy: 'install it alongside Feedprint: npm install @duckdb/node-api',
      cause,
    });
  }
}
