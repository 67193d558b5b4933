import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';
import { FeedprintError } from '@feedprint/core';
import { flush, makeFolder, toOutputError } from '@feedprint/core/files';
import { temporary } from './run-store/open-folder.ts';

/** What one cell holds. Integers stay within +-2^31. */
export type TableValue = string | number | boolean | null;
export type TableRow = Readonly<Record<string, TableValue>>;
export type ColumnType = 'VARCHAR' | 'DOUBLE' | 'INTEGER' | 'BOOLEAN';

export interface WriteParquetOptions {
  /** Columns, in this order. A column that a row leaves out is null there; a key without a column is an error. */
  readonly columns: Readonly<Record<string, ColumnType>>;
  readonly rows: Iterable<Readonly<Record<string, TableValue | undefined>>>;
  readonly file: string;
}

/**
 * Writes rows as Parquet, in one rename. Equal rows give equal bytes with the same DuckDB.
 * Throws `shape-mismatch` for a value that its column cannot hold, `numbers-invalid` for NaN and infinities, `output-unwritable`.
 */
export async function writeParquet({ columns, rows, file }: WriteParquetOptions): Promise<void> {
  const target = resolve(file);
  const aside = join(dirname(target), `${temporary}${basename(target)}`);
  const definitions = Object.entries(columns).map(([name, type]) => `${identifier(name)} ${type}`);
  await withDatabase(async (connection) => {
    await connection.run(`CREATE TABLE rows (${definitions.join(', ')})`);
    const appender = await connection.createAppender('rows');
    let index = 0;
    for (const row of rows) appendRow(appender, columns, row, index++);
    appender.closeSync();
    try {
      makeFolder(dirname(target));
      await connection.run(`COPY rows TO ${literal(aside)} (FORMAT parquet, COMPRESSION zstd)`);
      await flush(aside, 'file');
      await rename(aside, target);
      await flush(dirname(target), 'folder');
    } catch (error) {
      await rm(aside, { force: true }).catch(() => undefined);
      throw messageOf(error).startsWith('IO Error')
        ? unwritable(target, error)
        : toOutputError(error, target);
    }
  });
}

/** The rows of a Parquet file, in the order they were written. Throws `run-invalid` if it cannot be read. */
export async function readParquet(file: string): Promise<TableRow[]> {
  return (await query({ tables: { rows: file }, sql: 'SELECT * FROM rows' })) as TableRow[];
}

export interface QueryOptions {
  /** Name in the SQL -> Parquet file. */
  readonly tables: Readonly<Record<string, string>>;
  /** DuckDB SQL; `$1`, `$2`, ... stand for `parameters`. */
  readonly sql: string;
  readonly parameters?: readonly TableValue[];
}

/**
 * Rows returned by a query over Parquet files. Integers of any width come as numbers, or as text beyond 2^53. Throws
 * `run-invalid` if a file cannot be read, `usage` if the SQL cannot be run.
 */
export async function query({
  tables,
  sql,
  parameters = [],
}: QueryOptions): Promise<Readonly<Record<string, unknown>>[]> {
  return withDatabase(async (connection) => {
    for (const [name, file] of Object.entries(tables)) {
      const source = literal(exactly(resolve(file)));
      await attempt(
        connection.run(`CREATE VIEW ${identifier(name)} AS SELECT * FROM read_parquet(${source})`),
        { code: 'run-invalid', what: `cannot read the table ${file}`, remedy: 'run again' },
      );
    }
    const reader = await attempt(connection.runAndReadAll(sql, [...parameters]), {
      code: 'usage',
      what: 'cannot run the query',
      remedy: 'correct the SQL',
    });
    return reader.getRowObjectsJS().map(withPlainIntegers);
  });
}

function messageOf(error: unknown): string {
  return (error as { readonly message?: string }).message ?? String(error);
}

async function attempt<T>(
  work: Promise<T>,
  failure: {
    readonly code: 'run-invalid' | 'usage';
    readonly what: string;
    readonly remedy: string;
  },
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const message = `${failure.what}: ${messageOf(error)}`;
    throw new FeedprintError({
      code: failure.code,
      message,
      remedy: failure.remedy,
      cause: error,
    });
  }
}

async function withDatabase<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const { DuckDBInstance } = await import('@duckdb/node-api'); // Heavy: loaded when first needed.
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1', // More threads would make the row groups depend on timing.
    autoinstall_known_extensions: 'false', // Never the network.
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  try {
    return await work(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function appendRow(
  appender: DuckDBAppender,
  columns: Readonly<Record<string, ColumnType>>,
  row: Readonly<Record<string, TableValue | undefined>>,
  index: number,
): void {
  for (const name of Object.keys(row)) {
    if (!Object.hasOwn(columns, name))
      throw misfit(`row ${index} has ${name}, which is not a column`);
  }
  for (const [name, type] of Object.entries(columns)) {
    const value = row[name];
    if (value === null || value === undefined) appender.appendNull();
    else if (type === 'VARCHAR' && typeof value === 'string') appender.appendVarchar(value);
    else if (type === 'BOOLEAN' && typeof value === 'boolean') appender.appendBoolean(value);
    else if (type === 'DOUBLE' && typeof value === 'number') {
      appender.appendDouble(finite(value, `${name} of row ${index}`));
    } else if (type === 'INTEGER' && value === (Number(value) | 0)) appender.appendInteger(value);
    else throw misfit(`${name} of row ${index} is ${JSON.stringify(value)}, not ${type}`);
  }
  appender.endRow();
}

function finite(value: number, what: string): number {
  if (Number.isFinite(value)) return value;
  throw new FeedprintError({
    code: 'numbers-invalid',
    message: `${what} is ${value}`,
    remedy: 'write null where a number is not defined',
  });
}

function unwritable(file: string, error: unknown): FeedprintError {
  return new FeedprintError({
    code: 'output-unwritable',
    message: `cannot write ${file} (${messageOf(error)})`,
    remedy: 'choose a folder on a writable disk with enough space',
    cause: error,
  });
}

function misfit(message: string): FeedprintError {
  return new FeedprintError({
    code: 'shape-mismatch',
    message,
    remedy: 'give each value its column and its type',
  });
}

function withPlainIntegers(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (typeof value !== 'bigint') return [name, value];
      const number = Number(value);
      return [name, Number.isSafeInteger(number) ? number : value.toString()];
    }),
  );
}

/** A path in which no character acts as a wildcard. */
function exactly(path: string): string {
  return path.replace(/[[*?]/g, '[$&]');
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
