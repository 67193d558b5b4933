import { createHash } from 'node:crypto';
import { throwIfCancelled } from '@feedprint/core';
import { openRows } from '../readers/open-rows.ts';
import type { OpenOptions } from '../readers/open-rows.ts';
import type { ReadLimit } from '../readers/read-file.ts';
import { isObject } from '../readers/row.ts';
import { createTally, describeSkipped } from '../readers/tally.ts';
import { textsInvalid } from '../readers/texts-invalid.ts';
import type { PairColumns } from './column-map.ts';
import { UnsoundRow } from './layouts/layout.ts';
import { createPairCounts } from './pair-counts.ts';
import { detailsOf } from './pair-details.ts';
import type { PairRecord, PairSummary } from './pair-file.ts';
import type { RowPairs } from './read-row.ts';
import { recognizePairs } from './recognize-pairs.ts';

export interface ReadPairsOptions extends ReadLimit, OpenOptions {
  /** Which columns hold what. Default: as in the layouts of public data sets. */
  readonly map?: PairColumns | undefined;
  /** Called after every thousand pairs with their number so far. */
  readonly onProgress?: ((pairs: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Pairs of a file, one after another, so that they need not fit into memory. */
export interface OpenPairs {
  /** To be read to the end, or left early. Throws at the end if too many rows hold no pair. */
  readonly pairs: AsyncGenerator<PairRecord, void>;
  /** What was read so far: of the whole file once `pairs` has ended. */
  readonly summary: () => PairSummary;
}

/** Rows without a pair that a file may contain: this share of all rows, or one. */
const MOST_UNSOUND = 0.05;

const PROGRESS = 1000;

/**
 * Opens preference pairs of a known layout (one file per layout in `layouts`) in a file of any format that `openRows`
 * recognises, a folder of such files, or standard input (`-`). `id`, `split` and `trained_label_agrees` are kept; null
 * means missing.
 *
 * Rows without a pair are left out, counted and named, up to 5 % of all, or one. With a `limit`, no more is read than
 * it needs and the layout's recognition. If the limit was reached, `sha256` is that of the pairs (one JSON object per
 * line), otherwise that of the file's bytes.
 *
 * Throws `texts-invalid`, naming the file and the reasons or the line, and for an unknown layout the `--map` by which it
 * can be read; `dependency-missing` for Parquet without DuckDB.
 */
export async function openPreferencePairs(
  path: string,
  options: ReadPairsOptions = {},
): Promise<OpenPairs> {
  const { limit = Infinity, map, onProgress, signal } = options;
  const { file, format, rows: all, sha256 } = await openRows(path, options);
  const { rows, read, several } = await recognizePairs(path, all, map);
  const tally = createTally();
  const remedies = new Map<string, string>();
  const counts = createPairCounts();
  const hash = createHash('sha256');
  const layouts = new Set<string>();
  let [seen, given, unsound] = [0, 0, 0];

  async function* pairs(): AsyncGenerator<PairRecord, void> {
    for await (const { value, place } of rows) {
      throwIfCancelled(signal, 'while pairs were read');
      const index = seen++;
      for (const pair of recordsOf(value, place)) {
        const record = several || index === given ? pair : { ...pair, row: index };
        given++;
        counts.add(record);
        if (limit < Infinity) hash.update(`${JSON.stringify(record)}\n`);
        yield record;
        if (given % PROGRESS === 0) onProgress?.(given);
        if (given >= limit) return check();
      }
    }
    check();
  }

  function recordsOf(value: unknown, place: string): readonly PairRecord[] {
    try {
      const found = read(value);
      const records = withDetails(found, value);
      layouts.add(found.layout);
      return records;
    } catch (error) {
      if (!(error instanceof UnsoundRow)) throw error;
      unsound++;
      tally.add(error.message, place);
      if (error.remedy !== undefined) remedies.set(error.message, error.remedy);
      return [];
    }
  }

  function check(): void {
    if (seen === 0) {
      throw textsInvalid(`${path} holds no pair`, 'pass a file with one pair per row');
    }
    if (given > 0 && unsound <= Math.max(1, MOST_UNSOUND * seen)) return;
    const skipped = tally.skipped();
    throw textsInvalid(
      `${path}: ${unsound} of ${seen} rows hold no pair (${describeSkipped(skipped)})`,
      remedies.get(skipped[0]?.reason ?? '') ??
        `fix or remove them: at most ${100 * MOST_UNSOUND} % are skipped`,
    );
  }

  return {
    pairs: pairs(),
    summary: () => ({
      file,
      sha256: given >= limit ? hash.copy().digest('hex') : sha256(),
      layout: [format, [...layouts].join(' and ')].filter(Boolean).join(', '),
      skipped: tally.skipped(),
      ...counts.counts(),
    }),
  };
}

function withDetails({ pairs }: RowPairs, value: unknown): readonly PairRecord[] {
  const details = isObject(value) ? detailsOf(value) : {};
  for (const pair of pairs) {
    for (const side of ['chosen', 'rejected'] as const) {
      if (pair[side] === '') throw new UnsoundRow(`an empty "${side}" reply`);
    }
  }
  return pairs.map((pair) => ({ ...pair, ...details }));
}
