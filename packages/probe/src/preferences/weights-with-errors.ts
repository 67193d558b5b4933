import { cholesky, inverseDiagonal } from '@feedprint/core/linear-algebra';
import type { Interval } from '../statistics/interval.ts';
import { curvature } from './bradley-terry.ts';
import type { Design } from './design.ts';
import { meanSquare, predictDifferences } from './difference-ridge.ts';

/** A coefficient with its uncertainty. */
export interface Weight {
  readonly value: number;
  readonly standardError: number;
  /** 95 % interval. */
  readonly interval: Interval;
}

const Z95 = 1.959963984540054;

/**
 * Ridge weights with standard errors: the root of s² diag((x'x + l2)⁻¹), with s² the residuals' sum of squares over n -
 * degrees of freedom.
 */
export function ridgeErrors(
  x: Design,
  y: Float64Array,
  weights: Float64Array,
  l2: number,
): Weight[] {
  const inverse = inverseOf(x, new Float64Array(x.rows).fill(1), l2);
  const freedom = x.columns - l2 * inverse.reduce((sum, value) => sum + value, 0);
  const variance = (meanSquare(x, y, weights) * x.rows) / Math.max(1, x.rows - freedom);
  return withErrors(
    weights,
    inverse.map((value) => Math.sqrt(variance * value)),
  );
}

/** Bradley-Terry weights with standard errors: the root of the diagonal of the penalised log-likelihood's inverse Hessian. */
export function bradleyTerryErrors(x: Design, weights: Float64Array, l2: number): Weight[] {
  const inverse = inverseOf(x, curvature(predictDifferences(x, weights)), l2);
  return withErrors(weights, inverse.map(Math.sqrt));
}

function inverseOf(x: Design, rowWeights: Float64Array, l2: number): Float64Array {
  const hessian = x.gram(rowWeights);
  for (let j = 0; j < x.columns; j++) {
    hessian[j * x.columns + j] = (hessian[j * x.columns + j] as number) + l2;
  }
  return inverseDiagonal(cholesky(hessian, x.columns));
}

const withErrors = (weights: Float64Array, errors: Float64Array): Weight[] =>
  Array.from(weights, (value, j) => {
    const standardError = errors[j] as number;
    const reach = Z95 * standardError;
    return { value, standardError, interval: { low: value - reach, high: value + reach } };
  });
