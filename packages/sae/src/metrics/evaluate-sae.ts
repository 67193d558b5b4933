import { FeedprintError, matrix } from '@feedprint/core';
import type { ActivationStore, Matrix, SaeMetrics, SparseAutoencoder } from '@feedprint/core';
import { createFeatureStatistics } from './feature-statistics.ts';
import { createReconstructionStatistics, noRows } from './reconstruction-statistics.ts';

/** Rows `[start, end)` of a store, at the SAE's site; all of them if left out. */
export interface StoreRange {
  readonly store: ActivationStore;
  readonly start?: number;
  readonly end?: number;
}

export interface EvaluationOptions {
  /** Rows encoded at once. Default: as many as keep the features within 64 MiB, at most 4096. */
  readonly batchRows?: number;
}

/** Features of one batch are at most this many numbers (64 MiB). */
const MOST_NUMBERS = 1 << 24;
const MOST_ROWS = 4096;

/**
 * How well an SAE reconstructs rows `[rows, dIn]` and how it uses its features, in memory that does not grow with them.
 * Throws `usage` without rows or outside of the store's, `shape-mismatch` for another width, `numbers-invalid`.
 */
export async function evaluateSae(
  sae: SparseAutoencoder,
  rows: Matrix | StoreRange,
  options: EvaluationOptions = {},
): Promise<SaeMetrics> {
  const features = createFeatureStatistics(sae.dSae);
  const reconstructions = createReconstructionStatistics(sae.dIn);
  const { count, read } = reader(rows, sae);
  const fitting = Math.min(MOST_ROWS, Math.floor(MOST_NUMBERS / sae.dSae));
  const { batchRows = Math.max(1, fitting) } = options;
  checkBatch(batchRows);
  for (let start = 0; start < count; start += batchRows) {
    const x = await read(start, Math.min(count, start + batchRows));
    checkWidth(x, sae);
    const z = await sae.encode(x);
    features.add(z);
    reconstructions.add(x, await sae.decode(z));
  }
  return { ...features.result(), ...reconstructions.result() };
}

interface Reader {
  readonly count: number;
  read(start: number, end: number): Promise<Matrix>;
}

function reader(source: Matrix | StoreRange, { site }: SparseAutoencoder): Reader {
  if (!('store' in source)) {
    if (source.rows === 0) throw noRows();
    const { rows: count, columns, data } = source;
    const slice = (start: number, end: number): Matrix =>
      matrix(end - start, columns, data.subarray(start * columns, end * columns));
    return { count, read: (start, end) => Promise.resolve(slice(start, end)) };
  }
  const { store, start: first = 0, end: last = store.rows } = source;
  const valid = Number.isInteger(first) && Number.isInteger(last) && first >= 0;
  if (!valid || first > last || last > store.rows) {
    throw new FeedprintError({
      code: 'usage',
      message: `the store has no rows ${first} to ${last}: it has ${store.rows}`,
      remedy: 'name rows that it has',
    });
  }
  if (first === last) throw noRows();
  return {
    count: last - first,
    read: (start, end) => store.read(site, first + start, first + end),
  };
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
