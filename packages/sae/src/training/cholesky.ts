import { FeedprintError, assertFinite } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';

/** The two halves of a symmetric matrix may differ by this share of what their size allows. */
const ASYMMETRY = 1e-4;

/**
 * The lower triangular L with M = L L^T, `[d, d]` row by row, computed in f64. Throws `shape-mismatch` for a matrix that is not
 * square, `numbers-invalid` for one that is not symmetric and positive definite. Golub and Van Loan, algorithm 4.2.1.
 */
export function cholesky(m: Matrix): Float64Array {
  const { rows: d, columns, data } = m;
  if (d !== columns) {
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `a metric of [${d}, ${columns}] is not square`,
      remedy: 'pass one of [dIn, dIn]',
    });
  }
  assertFinite(data, 'the metric');
  const at = (i: number, j: number): number => data[i * d + j] as number;
  const root = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      const allowed = ASYMMETRY * Math.sqrt(Math.abs(at(i, i) * at(j, j)));
      if (Math.abs(at(i, j) - at(j, i)) > allowed)
        throw notAMetric(`not symmetric at [${i}, ${j}]`);
      let sum = at(i, j);
      for (let k = 0; k < j; k++) sum -= (root[i * d + k] as number) * (root[j * d + k] as number);
      if (i !== j) root[i * d + j] = sum / (root[j * d + j] as number);
      // In f32, anything smaller than this cannot be told from zero.
      else if (sum > 1e-7 * Math.abs(at(i, i))) root[i * d + i] = Math.sqrt(sum);
      else throw notAMetric(`not positive definite from row ${i} on`);
    }
  }
  return root;
}

const notAMetric = (problem: string): FeedprintError =>
  new FeedprintError({
    code: 'numbers-invalid',
    message: `the metric is ${problem}`,
    remedy: 'add a share of the identity to it, or build it as a sum of outer products',
  });
