import { dot } from '@feedprint/core';
import type { Design } from './design.ts';

export interface NormalEquations {
  /** One per row of `x`. */
  readonly weights: Float64Array;
  /** > 0. */
  readonly penalty: number;
  /** `[columns]` */
  readonly right: Float64Array;
  /** Where to start. */
  readonly start: Float64Array;
  /** Norm of the residual, relative to that of `right`, at which to stop. */
  readonly tolerance: number;
}

/**
 * Solves `(xᵀ diag(weights) x + penalty) w = right` by conjugate gradients, preconditioned by the diagonal (Golub and
 * Van Loan, algorithm 11.5.1), without forming a columns-by-columns matrix.
 */
export function solveNormal(
  x: Design,
  { weights, penalty, right, start, tolerance }: NormalEquations,
): Float64Array {
  const rows = new Float64Array(x.rows);
  const apply = (v: Float64Array, out: Float64Array): void => {
    x.times(v, rows);
    for (let i = 0; i < rows.length; i++) rows[i] = (rows[i] as number) * (weights[i] as number);
    x.transposeTimes(rows, out);
    for (let j = 0; j < out.length; j++) out[j] = (out[j] as number) + penalty * (v[j] as number);
  };
  const inverse = x.squares(weights).map((square) => 1 / (square + penalty));
  const solution = Float64Array.from(start);
  const product = new Float64Array(x.columns);
  apply(solution, product);
  const residual = right.map((value, j) => value - (product[j] as number));
  const scaled = residual.map((value, j) => value * (inverse[j] as number));
  const direction = Float64Array.from(scaled);
  let alignment = dot(residual, scaled);
  const least = tolerance ** 2 * dot(right, right);
  for (let step = 0; step < 20 * x.columns && dot(residual, residual) > least; step++) {
    apply(direction, product);
    const length = alignment / dot(direction, product);
    for (let j = 0; j < solution.length; j++) {
      solution[j] = (solution[j] as number) + length * (direction[j] as number);
      residual[j] = (residual[j] as number) - length * (product[j] as number);
      scaled[j] = (residual[j] as number) * (inverse[j] as number);
    }
    const next = dot(residual, scaled);
    const turn = next / alignment;
    for (let j = 0; j < direction.length; j++) {
      direction[j] = (scaled[j] as number) + turn * (direction[j] as number);
    }
    alignment = next;
  }
  return solution;
}
