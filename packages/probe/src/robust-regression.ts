import { cholesky, choleskySolve } from '@feedprint/core/linear-algebra';
import { median } from './statistics/quantiles.ts';

/** 95 % efficiency at the normal distribution. */
const HUBER = 1.345;
/** 1 / MAD of a standard normal. */
const MAD_TO_SIGMA = 1.4826;

export interface RobustFit {
  readonly coefficients: Float64Array;
  /** Robust standard deviation of the residuals: 1.4826 times the median absolute residual. */
  readonly scale: number;
}

/**
 * Linear regression that is robust to outliers: least absolute deviations to start, then Huber's M-estimate with the
 * scale from the median absolute residual (Huber and Ronchetti 2009, section 7.8). `x` rows `[n][p]`, intercept
 * included.
 */
export function robustRegression(
  x: readonly (readonly number[])[],
  y: readonly number[],
): RobustFit {
  let coefficients = weightedLeastSquares(
    x,
    y,
    y.map(() => 1),
  );
  const residuals = (): number[] =>
    y.map((value, i) => value - predict(x[i] as readonly number[], coefficients));
  const scaleNow = (): number => MAD_TO_SIGMA * (median(residuals().map(Math.abs)) ?? 0);
  for (let i = 0; i < 50; i++) {
    const weights = residuals().map((r) => 1 / Math.max(Math.abs(r), 1e-3));
    coefficients = weightedLeastSquares(x, y, weights);
  }
  for (let i = 0; i < 200; i++) {
    const limit = HUBER * scaleNow();
    const weights = residuals().map((r) => Math.min(1, limit / Math.max(Math.abs(r), 1e-12)));
    const next = weightedLeastSquares(x, y, weights);
    const change = next.reduce(
      (worst, b, j) => Math.max(worst, Math.abs(b - (coefficients[j] as number))),
      0,
    );
    coefficients = next;
    if (change < 1e-10) break;
  }
  return { coefficients, scale: scaleNow() };
}

export const predict = (row: readonly number[], coefficients: ArrayLike<number>): number =>
  row.reduce((sum, value, j) => sum + value * (coefficients[j] as number), 0);

/** Normal equations of a weighted least-squares fit with `p` terms, gathered row by row. */
export function createNormalEquations(p: number) {
  const gram = new Float64Array(p * p);
  const right = new Float64Array(p);
  return {
    add(row: readonly number[], y: number, weight: number): void {
      for (let a = 0; a < p; a++) {
        const scaled = weight * (row[a] as number);
        right[a] = (right[a] as number) + scaled * y;
        for (let b = 0; b < p; b++)
          gram[a * p + b] = (gram[a * p + b] as number) + scaled * (row[b] as number);
      }
    },
    /** A trace of ridge penalty keeps the system solvable for columns that are multiples of each other (words that are all equally frequent). */
    solve(): Float64Array {
      const penalised = gram.slice();
      for (let a = 0; a < p; a++) {
        penalised[a * p + a] = (gram[a * p + a] as number) * (1 + 1e-12) + 1e-12;
      }
      return choleskySolve(cholesky(penalised, p), right);
    },
  };
}

function weightedLeastSquares(
  x: readonly (readonly number[])[],
  y: readonly number[],
  weights: readonly number[],
): Float64Array {
  const equations = createNormalEquations(x[0]?.length ?? 0);
  x.forEach((row, i) => equations.add(row, y[i] as number, weights[i] as number));
  return equations.solve();
}
