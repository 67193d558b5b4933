import { FeedprintError } from '@feedprint/core';
import type { ActivationStore, Matrix, SparseAutoencoder } from '@feedprint/core';
import { rowReader } from './metrics/row-reader.ts';
import type { StoreRange } from './metrics/row-reader.ts';

export interface EncodeRowsOptions {
  /** Rows encoded at once. Default: as many as keep the features within 64 MiB, at most 4096. */
  readonly batchRows?: number;
}

/** Some rows and their features. */
export interface EncodedRows {
  /** Number of the first one, counted from the first that was asked for. */
  readonly start: number;
  /** `[rows, dIn]` */
  readonly x: Matrix;
  /** `[rows, dSae]` */
  readonly features: Matrix;
}

/** Features of one batch are at most this many numbers (64 MiB). */
const MOST_NUMBERS = 1 << 24;
const MOST_ROWS = 4096;

/**
 * The features of rows `[rows, dIn]`, or of a store at the SAE's site, batch by batch in order: the next rows are read when they are
 * asked for, so that memory does not grow with their number. Throws `usage` without rows or outside those of the store,
 * `shape-mismatch` for another width, `numbers-invalid`.
 */
export async function* encodeRows(
  sae: SparseAutoencoder,
  rows: Matrix | ActivationStore | StoreRange,
  options: EncodeRowsOptions = {},
): AsyncGenerator<EncodedRows, void, undefined> {
  const { count, read } = rowReader(rows, sae.site);
  const fitting = Math.min(MOST_ROWS, Math.floor(MOST_NUMBERS / sae.dSae));
  const { batchRows = Math.max(1, fitting) } = options;
  checkBatch(batchRows);
  for (let start = 0; start < count; start += batchRows) {
    const x = await read(start, Math.min(count, start + batchRows));
    checkWidth(x, sae);
    yield { start, x, features: await sae.encode(x) };
  }
}

function checkBatch(rows: number): void {
  if (Number.isInteger(rows) && rows > 0) return;
  throw new FeedprintError({
    code: 'usage',
    message: `cannot encode ${rows} rows at once`,
    remedy: 'pass a whole number of rows, at least 1',
  });
}

function checkWidth({ columns }: Matrix, { dIn }: SparseAutoencoder): void {
  if (columns === dIn) return;
  throw new FeedprintError({
    code: 'shape-mismatch',
    message: `the SAE takes rows of ${dIn} numbers, not ${columns}`,
    remedy: 'use activations of the site that the SAE was trained on',
  });
}
