import { createHash } from 'node:crypto';
import { openRows } from '../readers/open-rows.ts';
import type { OpenOptions } from '../readers/open-rows.ts';
import type { ReadLimit } from '../readers/read-file.ts';
import { isObject } from '../readers/row.ts';
import type { JsonObject, Row } from '../readers/row.ts';
import { createTally, describeSkipped } from '../readers/tally.ts';
import { textsInvalid } from '../readers/texts-invalid.ts';
import { createPairCounts } from './pair-counts.ts';
import type { PairFile, PairRecord } from './pair-file.ts';
import { conversations } from './layouts/conversations.ts';
import { dialogues } from './layouts/dialogues.ts';
import { present, UnsoundRow } from './layouts/layout.ts';
import type { PairLayout } from './layouts/layout.ts';
import { promptAndReplies } from './layouts/prompt-and-replies.ts';

export type ReadPairsOptions = ReadLimit & OpenOptions;

/** The first layout that recognises a record reads it. */
const layouts: readonly PairLayout[] = [conversations, dialogues, promptAndReplies];

/** Rows without a pair that a file may contain: this share of all rows, or one. */
const MOST_UNSOUND = 0.05;

/**
 * Reads preference pairs from a file of any format that `openRows` recognises, a folder of such files, or standard
 * input (`-`); there is one file per known layout in `layouts`. `id`, `split` and `trained_label_agrees` are kept; null
 * means missing.
 *
 * Rows without a pair are left out, counted and named, up to 5 % of all, or one. With a `limit`, no more is read than
 * it needs. If the limit was reached, `sha256` is that of the pairs (one JSON object per line), otherwise that of the
 * file's bytes.
 *
 * Throws `texts-invalid`, naming the file and the reasons or the line; `dependency-missing` for Parquet without DuckDB.
 */
export async function readPreferencePairs(
  path: string,
  options: ReadPairsOptions = {},
): Promise<PairFile> {
  const { limit = Infinity } = options;
  const { file, format, rows, sha256 } = await openRows(path, options);
  const tally = createTally();
  const pairs: PairRecord[] = [];
  const counts = createPairCounts();
  const seen = new Set<string>();
  let count = 0;
  for await (const row of rows) {
    count++;
    try {
      const { layout, pair } = readPair(row);
      const record = pairs.length === count - 1 ? pair : { ...pair, row: count - 1 };
      pairs.push(record);
      counts.add(record);
      seen.add(layout);
    } catch (error) {
      if (!(error instanceof UnsoundRow)) throw error;
      tally.add(error.message, row.place);
    }
    if (pairs.length >= limit) break;
  }
  if (count === 0) throw textsInvalid(`${path} holds no pair`, 'pass a file with one pair per row');
  const unsound = count - pairs.length;
  if (pairs.length === 0 || unsound > Math.max(1, MOST_UNSOUND * count)) {
    throw textsInvalid(
      `${path}: ${unsound} of ${count} rows hold no pair (${describeSkipped(tally.skipped())})`,
      `fix or remove them: at most ${100 * MOST_UNSOUND} % are skipped`,
    );
  }
  return {
    file,
    sha256: pairs.length >= limit ? hashOf(pairs) : sha256(),
    pairs,
    layout: `${format}, ${[...seen].join(' and ')}`,
    skipped: tally.skipped(),
    ...counts.counts(),
  };
}

function readPair({ value }: Row): { readonly layout: string; readonly pair: PairRecord } {
  if (!isObject(value)) throw new UnsoundRow('not an object');
  for (const side of ['chosen', 'rejected']) {
    if (typeof value[side] === 'string' || Array.isArray(value[side])) continue;
    throw new UnsoundRow(`no "${side}" that is a text or a list of turns`);
  }
  for (const { name, read } of layouts) {
    const texts = read(value);
    if (!texts) continue;
    for (const side of ['chosen', 'rejected'] as const) {
      if (texts[side] === '') throw new UnsoundRow(`an empty "${side}" reply`);
    }
    return { layout: name, pair: { ...texts, ...detailsOf(value) } };
  }
  throw new UnsoundRow('a "prompt" that is neither a text nor turns');
}

function detailsOf(record: JsonObject): Pick<PairRecord, 'id' | 'split' | 'trainedLabelAgrees'> {
  const id = present(record['id']);
  const split = present(record['split']);
  const agrees = asBoolean(present(record['trained_label_agrees']));
  if (id !== undefined && typeof id !== 'string' && typeof id !== 'number')
    throw new UnsoundRow('an "id" that is neither a text nor a number');
  if (split !== undefined && typeof split !== 'string')
    throw new UnsoundRow('a "split" that is not a text');
  if (agrees !== undefined && typeof agrees !== 'boolean')
    throw new UnsoundRow('a "trained_label_agrees" that is neither true nor false');
  return {
    ...(id !== undefined && { id }),
    ...(split !== undefined && { split }),
    ...(agrees !== undefined && { trainedLabelAgrees: agrees }),
  };
}

/** CSV cells are always texts. */
const asBoolean = (value: unknown): unknown =>
  value === 'true' || value === 'false' ? value === 'true' : value;

function hashOf(pairs: readonly PairRecord[]): string {
  const hash = createHash('sha256');
  for (const pair of pairs) hash.update(`${JSON.stringify(pair)}\n`);
  return hash.digest('hex');
}
