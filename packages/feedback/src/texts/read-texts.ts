import { hashItems } from '../readers/hash-items.ts';
import { openRows } from '../readers/open-rows.ts';
import type { OpenOptions } from '../readers/open-rows.ts';
import type { ReadLimit, TextFile } from '../readers/read-file.ts';
import { createTally } from '../readers/tally.ts';
import { textsInvalid } from '../readers/texts-invalid.ts';
import { chooseTextColumn } from './text-column.ts';
import type { TextColumn } from './text-column.ts';

export type ReadTextsOptions = ReadLimit & OpenOptions;

/**
 * Reads texts from a file of any format that `openRows` recognises, a folder of such files, or standard input (`-`).
 * The text of a row is the line or string itself, or its column `text`; another column if there can be no doubt. All
 * rows are of one kind. A row whose text is null is left out and counted; blank lines are skipped.
 *
 * With a `limit`, no more is read than it needs. If the limit was reached, `sha256` is that of the texts (one JSON
 * string per line), whatever may follow them in the file, otherwise that of the file's bytes.
 *
 * Throws `texts-invalid`, naming file and line, or the columns found; `dependency-missing` for Parquet without DuckDB.
 */
export async function readTexts(path: string, options: ReadTextsOptions = {}): Promise<TextFile> {
  const { limit = Infinity } = options;
  const { file, format, rows, sha256 } = await openRows(path, options);
  const tally = createTally();
  const texts: string[] = [];
  let column: TextColumn | undefined;
  for await (const row of rows) {
    column ??= chooseTextColumn(row);
    const text = column.textOf(row);
    if (text === undefined) tally.add('no text', row.place);
    else texts.push(text);
    if (texts.length >= limit) break;
  }
  if (!column || texts.length === 0) {
    throw textsInvalid(`${path} holds no text`, 'pass a file with one text per line');
  }
  return {
    file,
    texts,
    sha256: texts.length >= limit ? hashItems(texts) : sha256(),
    layout: `${format}, ${column.name}`,
    skipped: tally.skipped(),
  };
}
