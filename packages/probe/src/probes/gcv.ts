import { dot } from '@feedprint/core';
import {
  gram,
  solveShifted,
  total,
  transpose,
  transposeTimesVector,
  tridiagonalise,
} from '@feedprint/core/linear-algebra';
import type { Rows } from '@feedprint/core/linear-algebra';

/** The penalties that `gcv` chooses from: half decades from 0.01 to 10,000,000. */
export const gcvGrid: readonly number[] = Array.from({ length: 19 }, (_, i) => 10 ** (i / 2 - 2));

/**
 * Generalised cross-validation score of ridge regression with an unpenalised intercept, for each penalty: (|residual|²
 * / n) / (1 - trace(hat) / n)². `z` has centred columns; `kernel` is z zᵀ, used if there are no more rows than columns.
 * Source: Golub, Heath and Wahba (1979).
 */
export function gcvScores(
  z: Rows,
  y: Float64Array,
  penalties: readonly number[],
  kernel?: Float64Array,
): number[] {
  const n = z.rows;
  const mean = total(y) / n;
  const centred = y.map((value) => value - mean);
  const squares = dot(centred, centred);
  const dual = z.rows <= z.columns;
  const matrix = dual ? Float64Array.from(kernel ?? gram(z)) : gram(transpose(z));
  const rotated = dual ? centred : transposeTimesVector(z, centred);
  const t = tridiagonalise(matrix, { rows: rotated.length, columns: 1, data: rotated });
  return penalties.map((penalty) => {
    const { solution: u, traceOfInverse } = solveShifted(t, penalty, rotated);
    const uu = dot(u, u);
    // Dual: residual = penalty (K + penalty)⁻¹ y. Primal: |residual|² = y·y - u·b - penalty u·u.
    const residual = dual
      ? penalty * penalty * uu
      : Math.max(0, squares - dot(u, rotated) - penalty * uu);
    const freedom = dual
      ? penalty * traceOfInverse - 1
      : n - 1 - z.columns + penalty * traceOfInverse;
    return (n * residual) / (freedom * freedom);
  });
}

/** The penalty with the lowest score. */
export function choosePenalty(z: Rows, y: Float64Array, kernel?: Float64Array): number {
  const scores = gcvScores(z, y, gcvGrid, kernel);
  const best = scores.indexOf(Math.min(...scores));
  return gcvGrid[best] as number;
}
