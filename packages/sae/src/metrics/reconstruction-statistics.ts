import { FeedprintError } from '@feedprint/core';
import type { Matrix, SaeMetrics } from '@feedprint/core';

export type ReconstructionMetrics = Pick<
  SaeMetrics,
  | 'fvu'
  | 'explainedVariance'
  | 'explainedVariancePerDimension'
  | 'mse'
  | 'cosine'
  | 'l2Ratio'
  | 'relativeReconstructionBias'
>;

/** How close reconstructions come to rows, gathered row by row, so that batch boundaries do not change a single bit. */
export interface ReconstructionStatistics {
  /** Both `[rows, dIn]`. Throws `numbers-invalid` for NaN and infinities. */
  add(x: Matrix, reconstruction: Matrix): void;
  /** Throws `usage` when no row was added. */
  result(): ReconstructionMetrics;
}

/** Variances by Welford's update in f64: no precision is lost where a dimension's mean is far from zero. */
export function createReconstructionStatistics(dIn: number): ReconstructionStatistics {
  const mean = new Float64Array(dIn);
  const deviation = new Float64Array(dIn);
  const error = new Float64Array(dIn);
  let [rows, nonzero, cosines, ratios, squares, products] = [0, 0, 0, 0, 0, 0];

  const addRow = (x: Float32Array, y: Float32Array, start: number): void => {
    const share = 1 / (rows + 1);
    let [xx, yy, xy] = [0, 0, 0];
    for (let i = 0; i < dIn; i++) {
      const a = x[start + i] as number;
      const b = y[start + i] as number;
      const from = a - (mean[i] as number);
      const center = (mean[i] as number) + from * share;
      mean[i] = center;
      deviation[i] = (deviation[i] as number) + from * (a - center);
      error[i] = (error[i] as number) + (a - b) * (a - b);
      xx += a * a;
      yy += b * b;
      xy += a * b;
    }
    if (!Number.isFinite(xx) || !Number.isFinite(yy)) throw notFinite(rows, Number.isFinite(xx));
    rows++;
    squares += yy;
    products += xy;
    if (xx === 0) return;
    nonzero++;
    ratios += Math.sqrt(yy / xx);
    if (yy > 0) cosines += xy / Math.sqrt(xx * yy);
  };

  return {
    add(x, reconstruction) {
      for (let r = 0; r < x.rows; r++) addRow(x.data, reconstruction.data, r * dIn);
    },
    result() {
      if (rows === 0) throw noRows();
      const total = sum(error);
      const fvu = unexplained(total, sum(deviation));
      return {
        fvu,
        explainedVariance: 1 - fvu,
        explainedVariancePerDimension: Array.from(
          error,
          (value, i) => 1 - unexplained(value, deviation[i] as number),
        ),
        mse: total / rows,
        cosine: nonzero === 0 ? null : cosines / nonzero,
        l2Ratio: nonzero === 0 ? null : ratios / nonzero,
        relativeReconstructionBias: products === 0 ? null : squares / products,
      };
    },
  };
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

/** As in scikit-learn's r2_score: a dimension that does not vary is explained fully if it is matched exactly, and not at all otherwise. */
export const unexplained = (error: number, deviation: number): number =>
  deviation === 0 ? (error === 0 ? 0 : 1) : error / deviation;

const notFinite = (row: number, reconstruction: boolean): FeedprintError =>
  new FeedprintError({
    code: 'numbers-invalid',
    message: `row ${row} of the ${reconstruction ? 'reconstructions' : 'activations'} holds numbers that are not finite`,
    remedy: 'use weights and activations that are finite',
  });

export const noRows = (): FeedprintError =>
  new FeedprintError({
    code: 'usage',
    message: 'there are no rows to evaluate an SAE on',
    remedy: 'pass at least one row',
  });
