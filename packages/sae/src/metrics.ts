import { row } from '@feedprint/core';
import type { Matrix, SaeMetrics, SparseAutoencoder } from '@feedprint/core';

/**
 * How well an SAE reconstructs rows: variance is taken about the rows' own mean, per dimension, and the error is not
 * centred, so that a constant offset counts. The mean row scores fvu 1, a perfect reconstruction 0.
 */
export async function evaluateSae(sae: SparseAutoencoder, rows: Matrix): Promise<SaeMetrics> {
  const z = await sae.encode(rows);
  const reconstruction = await sae.decode(z);
  const fired = new Float64Array(sae.dSae);
  for (let i = 0; i < z.data.length; i++) {
    const feature = i % sae.dSae;
    if ((z.data[i] as number) > 0) fired[feature] = (fired[feature] as number) + 1;
  }
  const { squaredError, variance } = errors(rows, reconstruction);
  return {
    rows: rows.rows,
    l0: fired.reduce((sum, count) => sum + count, 0) / rows.rows,
    fvu: variance === 0 ? (squaredError === 0 ? 0 : 1) : squaredError / variance,
    mse: squaredError / rows.rows,
    alive: fired.filter((count) => count > 0).length / sae.dSae,
    density: Float32Array.from(fired, (count) => count / rows.rows),
  };
}

/** Sum of squared errors, and of squared deviations from the mean row. */
export function errors(
  x: Matrix,
  reconstruction: Matrix,
): { squaredError: number; variance: number } {
  const mean = new Float64Array(x.columns);
  for (let r = 0; r < x.rows; r++) {
    row(x, r).forEach((value, i) => (mean[i] = (mean[i] as number) + value / x.rows));
  }
  let squaredError = 0;
  let variance = 0;
  for (let i = 0; i < x.data.length; i++) {
    const value = x.data[i] as number;
    squaredError += (value - (reconstruction.data[i] as number)) ** 2;
    variance += (value - (mean[i % x.columns] as number)) ** 2;
  }
  return { squaredError, variance };
}
