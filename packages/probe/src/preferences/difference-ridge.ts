import { dot } from '@feedprint/core';
import { solveNormal } from './conjugate-gradient.ts';
import type { Design } from './design.ts';

/** Residual at which a solution is practically exact. */
const EXACT = 1e-11;

/**
 * Ridge regression of differences on differences: the minimum of Σ (y - x·w)² + l2 |w|². There is no intercept, since
 * exchanging the two replies of a pair negates both sides. `start` is where the search starts.
 */
export function fitDifferenceRidge(
  x: Design,
  y: ArrayLike<number>,
  l2: number,
  start: Float64Array = new Float64Array(x.columns),
): Float64Array {
  const right = new Float64Array(x.columns);
  x.transposeTimes(Float64Array.from(y), right);
  const weights = new Float64Array(x.rows).fill(1);
  return solveNormal(x, { weights, penalty: l2, right, start, tolerance: EXACT });
}

/** Predictions `[rows]`. */
export function predictDifferences(x: Design, weights: Float64Array): Float64Array {
  const result = new Float64Array(x.rows);
  x.times(weights, result);
  return result;
}

/** Mean squared distance of `y` from the predictions. */
export function meanSquare(x: Design, y: Float64Array, weights: Float64Array): number {
  const residual = predictDifferences(x, weights).map((value, i) => (y[i] as number) - value);
  return dot(residual, residual) / residual.length;
}
