import type { ActivationStore, Matrix, SaeMetrics, SparseAutoencoder } from '@feedprint/core';
import { encodeRows } from '../encode-rows.ts';
import type { EncodeRowsOptions } from '../encode-rows.ts';
import { createFeatureStatistics } from './feature-statistics.ts';
import { createReconstructionStatistics } from './reconstruction-statistics.ts';
import type { StoreRange } from './row-reader.ts';

/**
 * How well an SAE reconstructs rows `[rows, dIn]` and how it uses its features, in memory that does not grow with the
 * number of rows. Throws what `encodeRows` throws.
 */
export async function evaluateSae(
  sae: SparseAutoencoder,
  rows: Matrix | ActivationStore | StoreRange,
  options: EncodeRowsOptions = {},
): Promise<SaeMetrics> {
  const statistics = createFeatureStatistics(sae.dSae);
  const reconstructions = createReconstructionStatistics(sae.dIn);
  for await (const { x, features } of encodeRows(sae, rows, options)) {
    statistics.add(features);
    reconstructions.add(x, await sae.decode(features));
  }
  return { ...statistics.result(), ...reconstructions.result() };
}
