import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { hashing, peek, readBytes } from './bytes.ts';
import type { Bytes } from './bytes.ts';
import { toUtf8 } from './decode.ts';
import { decompress } from './decompress.ts';
import { delimitedRows } from './delimited-rows.ts';
import { jsonLineRows, jsonListRows } from './json-rows.ts';
import { filledLines, readLines } from './lines.ts';
import { parquetRows } from './parquet-rows.ts';
import { endingOf, HEAD, parquetMark, recognize } from './recognize.ts';
import type { Format } from './recognize.ts';
import type { Rows } from './row.ts';
import { textsInvalid } from './texts-invalid.ts';

export interface OpenOptions {
  /** What `-` stands for. Default: standard input. */
  readonly input?: AsyncIterable<Uint8Array>;
}

/** A file, a folder of files or standard input, as records. */
export interface OpenRows {
  /** The file's own name. */
  readonly file: string;
  readonly format: Format['name'];
  /** To be read to the end, or closed with `close`. */
  readonly rows: Rows;
  /** SHA-256 of the bytes as stored, once the rows were read to the end. */
  readonly sha256: () => string;
  /** For rows that are not read at all; stopping after some of them closes as well. */
  readonly close: () => void;
}

/**
 * Endings of the files in a folder that are read, or refused for what they are; others, such as a README, are not data.
 */
const endings: ReadonlySet<string> = new Set([
  'jsonl',
  'json',
  'csv',
  'tsv',
  'parquet',
  'txt',
  'arrow',
]);

/**
 * Opens records by content, whatever the file's ending: JSON lines, a JSON list, CSV, TSV, Parquet, one text per line;
 * a folder of such files, or whose folder `data` has them, in the order of their names; `-` for standard input. gzip and Zstandard are unpacked, UTF-16
 * with a byte order mark is decoded. Nothing is read beyond the rows asked for. Throws `texts-invalid`, naming file and
 * line; `dependency-missing` for Parquet without DuckDB.
 */
export async function openRows(path: string, options: OpenOptions = {}): Promise<OpenRows> {
  if (path === '-') return openStream('standard input', options.input ?? process.stdin);
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw textsInvalid(`${path} cannot be read (${cause.code})`, 'check the path', cause);
  });
  return found.isDirectory() ? openFolder(path) : openStream(path);
}

async function openStream(name: string, input?: AsyncIterable<Uint8Array>): Promise<OpenRows> {
  const source = readBytes(name, input);
  const close = (): void => void source.return();
  const { bytes: hashed, sha256 } = hashing(source);
  try {
    const raw = await peek(hashed, 4);
    const plain = await toUtf8(name, await decompress(name, raw.bytes));
    const { head, bytes } = await peek(plain, HEAD);
    const format = recognize(name, head);
    const opened = { file: basename(name), format: format.name, sha256, close };
    if (format.name !== 'parquet') return { ...opened, rows: rowsOf(name, format, bytes) };
    if (input) {
      const remedy = 'pass the path of the file';
      throw textsInvalid(`${name} is Parquet, which cannot be read from a pipe`, remedy);
    }
    if (raw.head.toString() === parquetMark) return { ...opened, rows: wholeParquet(name, bytes) };
    throw textsInvalid(`${name} is Parquet that was compressed as a whole`, 'unpack it');
  } catch (error) {
    close();
    throw error;
  }
}

async function* rowsOf(name: string, format: Format, bytes: Bytes): Rows {
  const lines = readLines(name, bytes);
  switch (format.name) {
    case 'jsonl':
      return yield* jsonLineRows(lines);
    case 'json':
      return yield* jsonListRows(name, lines);
    case 'csv':
    case 'tsv':
      return yield* delimitedRows(lines, format.delimiter);
    default:
      for await (const { text, place } of filledLines(lines)) yield { value: text, place };
  }
}

/** Parquet is read by path, from its end; afterwards its bytes are read once more for the hash. */
async function* wholeParquet(path: string, bytes: Bytes): Rows {
  yield* parquetRows(path);
  for await (const _ of bytes);
}

async function openFolder(folder: string): Promise<OpenRows> {
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .filter((name) => endings.has(endingOf(name)))
    .sort();
  const [first, ...others] = names;
  const data = join(folder, 'data');
  if (first === undefined && existsSync(data)) return openFolder(data);
  if (first === undefined) {
    throw textsInvalid(
      `${folder} is a folder without files that end with ${[...endings].map((e) => `.${e}`).join(', ')}`,
      'name a file, or the folder that the files are in',
    );
  }
  const hash = createHash('sha256');
  const opened = await openStream(join(folder, first));
  const { format } = opened;
  const add = (name: string, { sha256 }: OpenRows): unknown =>
    hash.update(`${name}\0${sha256()}\n`);
  async function* rows(): Rows {
    yield* opened.rows;
    add(first as string, opened);
    for (const name of others) {
      const next = await openStream(join(folder, name));
      if (next.format !== format) {
        next.close();
        throw textsInvalid(
          `${folder} mixes ${format} (${first}) and ${next.format} (${name})`,
          'name one file, or keep one format in a folder',
        );
      }
      yield* next.rows;
      add(name, next);
    }
  }
  const sha256 = (): string => hash.copy().digest('hex');
  return { file: basename(folder), format, rows: rows(), sha256, close: opened.close };
}
