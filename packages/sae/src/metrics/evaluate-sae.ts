import { FeedprintError } from '@feedprint/core';
import type { Matrix, SaeMetrics, SparseAutoencoder } from '@feedprint/core';
import { createFeatureStatistics } from './feature-statistics.ts';
import { createReconstructionStatistics } from './reconstruction-statistics.ts';
import { rowReader } from './row-reader.ts';
import type { StoreRange } from './row-reader.ts';

export interface EvaluationOptions {
  /** Rows encoded at once. Default: as many as keep the features within 64 MiB, at most 4096. */
  readonly batchRows?: number;
}

/** Features of one batch are at most this many numbers (64 MiB). */
const MOST_NUMBERS = 1 << 24;
const MOST_ROWS = 4096;

/**
 * How well an SAE reconstructs rows `[rows, dIn]` and how it uses its features, in memory that does not grow with the
 * number of rows. Throws `usage` without rows or outside those of the store, `shape-mismatch` for another width,
 * `numbers-invalid`.
 */
export async function evaluateSae(
  sae: SparseAutoencoder,
  rows: Matrix | StoreRange,
  options: EvaluationOptions = {},
): Promise<SaeMetrics> {
  const features = createFeatureStatistics(sae.dSae);
  const reconstructions = createReconstructionStatistics(sae.dIn);
  const { count, read } = rowReader(rows, sae.site);
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
