import { FeedprintError, assertFinite } from '@feedprint/core';
import { cholesky } from '@feedprint/core/linear-algebra';
import type { Matrix } from '@feedprint/core';

/** The two halves of a symmetric matrix may differ by this share of what their size allows. */
const ASYMMETRY = 1e-4;
/** f32 cannot tell from zero a pivot that is a smaller share of its entry. */
const LEAST_PIVOT = 1e-7;

const remedy = 'add a share of the identity to it, or build it as a sum of outer products';

/**
 * The lower triangular L with M = L L^T, `[d, d]` row by row, computed in f64. Throws `shape-mismatch` for a matrix that is not
 * square, `numbers-invalid` for one that is not symmetric and positive definite.
 */
export function factorMetric(m: Matrix): Float64Array {
  const { rows: d, columns, data } = m;
  if (d !== columns) {
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `a metric of [${d}, ${columns}] is not square`,
      remedy: 'pass one of [dIn, dIn]',
    });
  }
  assertFinite(data, 'the metric');
  assertSymmetric(m);
  return cholesky(data, d, { what: 'the metric', remedy, leastPivot: LEAST_PIVOT }).lower;
}

function assertSymmetric({ rows: d, data }: Matrix): void {
  const at = (i: number, j: number): number => data[i * d + j] as number;
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < i; j++) {
      const allowed = ASYMMETRY * Math.sqrt(Math.abs(at(i, i) * at(j, j)));
      if (Math.abs(at(i, j) - at(j, i)) <= allowed) continue;
      throw new FeedprintError({
        code: 'numbers-invalid',
        message: `the metric is not symmetric at [${i}, ${j}]`,
        remedy,
      });
    }
  }
}
