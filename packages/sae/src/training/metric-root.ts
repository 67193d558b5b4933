import { FeedprintError, matrix } from '@feedprint/core';
import type { Matrix, SaeWeights } from '@feedprint/core';
import type { SaeKind } from '../architectures/kinds.ts';
import { factorMetric } from './factor-metric.ts';

/**
 * A metric M as the lower triangular L with M = L L^T, rounded to f32: the squared length of e L is e M e^T, so that an SAE
 * trained as usual on rows x L weights errors by M.
 */
export interface MetricRoot {
  /** Units of a row. */
  readonly size: number;
  /** `[size, size]`, row by row. */
  readonly data: Float32Array;
}

/**
 * The root of a metric for rows of `dIn` units. Throws `shape-mismatch`, `numbers-invalid`, and `config-invalid` for kinds
 * whose weights could not be converted back to plain rows.
 */
export function metricRoot(metric: Matrix, dIn: number, { kind }: SaeKind): MetricRoot {
  if (kind === 'tied' || kind === 'crosscoder') {
    throw new FeedprintError({
      code: 'config-invalid',
      message: `an SAE of kind ${kind} cannot weight errors by a metric: ${reasons[kind]}`,
      remedy: 'leave the metric out or use another kind, such as batchtopk',
    });
  }
  if (metric.rows !== dIn || metric.columns !== dIn) {
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `a metric of [${metric.rows}, ${metric.columns}] was given for rows of ${dIn} units`,
      remedy: `pass one of [${dIn}, ${dIn}]`,
    });
  }
  return { size: dIn, data: Float32Array.from(factorMetric(metric)) };
}

const reasons = {
  tied: 'its encoder would no longer be its decoder',
  crosscoder: "its features are ranked by their decoder vectors' lengths",
};

/** Rows times the root, `[rows, size]`. */
export function timesRoot(rows: Matrix, { size, data }: MetricRoot): Matrix {
  const result = matrix(rows.rows, size);
  const sums = new Float64Array(size);
  for (let start = 0; start < rows.data.length; start += size) {
    sums.fill(0);
    for (let i = 0; i < size; i++) {
      const x = rows.data[start + i] as number;
      for (let j = 0; j <= i; j++)
        sums[j] = (sums[j] as number) + x * (data[i * size + j] as number);
    }
    result.data.set(sums, start);
  }
  return result;
}

/** Weights for rows x, from those for rows x L: features stay the same, reconstructions are of x. */
export function foldRoot(weights: SaeWeights, root: MetricRoot): SaeWeights {
  return {
    ...weights,
    wEnc: rootTimes(root, weights.wEnc),
    wDec: overRoot(weights.wDec, root),
    bDec: overRoot(matrix(1, root.size, weights.bDec), root).data,
  };
}

/** Weights for rows x L, from those for rows x: what `foldRoot` undoes. */
export function unfoldRoot(weights: SaeWeights, root: MetricRoot): SaeWeights {
  return {
    ...weights,
    wEnc: underRoot(root, weights.wEnc),
    wDec: timesRoot(weights.wDec, root),
    bDec: timesRoot(matrix(1, root.size, weights.bDec), root).data,
  };
}

/** L times a matrix with as many rows. */
function rootTimes({ size, data }: MetricRoot, m: Matrix): Matrix {
  const { columns } = m;
  const result = matrix(size, columns);
  const sums = new Float64Array(columns);
  for (let i = 0; i < size; i++) {
    sums.fill(0);
    for (let k = 0; k <= i; k++) {
      const factor = data[i * size + k] as number;
      if (factor === 0) continue;
      for (let f = 0; f < columns; f++) {
        sums[f] = (sums[f] as number) + factor * (m.data[k * columns + f] as number);
      }
    }
    result.data.set(sums, i * columns);
  }
  return result;
}

/** The matrix u with L u = m, for a matrix m with as many rows. */
function underRoot({ size, data }: MetricRoot, m: Matrix): Matrix {
  const { columns } = m;
  const result = Float64Array.from(m.data);
  for (let i = 0; i < size; i++) {
    const own = result.subarray(i * columns, (i + 1) * columns);
    for (let k = 0; k < i; k++) {
      const factor = data[i * size + k] as number;
      if (factor === 0) continue;
      for (let f = 0; f < columns; f++) {
        own[f] = (own[f] as number) - factor * (result[k * columns + f] as number);
      }
    }
    for (let f = 0; f < columns; f++) own[f] = (own[f] as number) / (data[i * size + i] as number);
  }
  return matrix(size, columns, Float32Array.from(result));
}

/** The rows u with u L = v, for rows v. */
function overRoot(rows: Matrix, { size, data }: MetricRoot): Matrix {
  const result = matrix(rows.rows, size);
  const left = new Float64Array(size);
  for (let r = 0; r < rows.rows; r++) {
    left.set(rows.data.subarray(r * size, (r + 1) * size));
    for (let i = size - 1; i >= 0; i--) {
      const own = (left[i] as number) / (data[i * size + i] as number);
      left[i] = own;
      for (let j = 0; j < i; j++)
        left[j] = (left[j] as number) - own * (data[i * size + j] as number);
    }
    result.data.set(left, r * size);
  }
  return result;
}
