import { FeedprintError } from '../errors.ts';

/** The lower triangle `l` `[n, n]` with `l lᵀ` equal to a symmetric positive definite matrix. */
export interface Cholesky {
  readonly n: number;
  /** Row-major; zeros above the diagonal. */
  readonly lower: Float64Array;
}

export interface CholeskyOptions {
  /** What the matrix is called in the error. Default `a matrix to factor`. */
  readonly what?: string;
  /** Remedy for a matrix that cannot be factored. Default `use a larger penalty`. */
  readonly remedy?: string;
  /** Share of the matching diagonal entry of `a` that a pivot must exceed. Default 0. */
  readonly leastPivot?: number;
}

/**
 * Factors the symmetric `a` `[n, n]`, reading only its lower triangle (Golub and Van Loan, algorithm 4.2.1). Throws
 * `numbers-invalid` unless it is positive definite.
 */
export function cholesky(a: ArrayLike<number>, n: number, options: CholeskyOptions = {}): Cholesky {
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j] as number;
      for (let k = 0; k < j; k++) {
        sum -= (lower[i * n + k] as number) * (lower[j * n + k] as number);
      }
      if (i === j) {
        assertPositive(sum, i, a[i * n + i] as number, options);
        lower[i * n + i] = Math.sqrt(sum);
      } else {
        lower[i * n + j] = sum / (lower[j * n + j] as number);
      }
    }
  }
  return { n, lower };
}

/** Solves `l lᵀ x = b`; returns `x` `[n]`. */
export function choleskySolve({ n, lower }: Cholesky, b: Float64Array): Float64Array {
  const x = new Float64Array(b);
  for (let i = 0; i < n; i++) {
    let sum = x[i] as number;
    for (let k = 0; k < i; k++) sum -= (lower[i * n + k] as number) * (x[k] as number);
    x[i] = sum / (lower[i * n + i] as number);
  }
  for (let i = n - 1; i >= 0; i--) {
    const value = (x[i] as number) / (lower[i * n + i] as number);
    x[i] = value;
    for (let k = 0; k < i; k++) x[k] = (x[k] as number) - (lower[i * n + k] as number) * value;
  }
  return x;
}

/** Diagonal of the inverse of `l lᵀ`, `[n]`. */
export function inverseDiagonal({ n, lower }: Cholesky): Float64Array {
  const result = new Float64Array(n);
  const column = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    // Column j of l⁻¹, from row j down.
    for (let i = j; i < n; i++) {
      let sum = i === j ? 1 : 0;
      for (let k = j; k < i; k++) sum -= (lower[i * n + k] as number) * (column[k] as number);
      const value = sum / (lower[i * n + i] as number);
      column[i] = value;
      result[j] = (result[j] as number) + value * value;
    }
  }
  return result;
}

function assertPositive(
  pivot: number,
  row: number,
  entry: number,
  { what = 'a matrix to factor', remedy = 'use a larger penalty', leastPivot = 0 }: CholeskyOptions,
): void {
  if (pivot > leastPivot * Math.abs(entry) && Number.isFinite(pivot)) return;
  throw new FeedprintError({
    code: 'numbers-invalid',
    message: `${what} is not positive definite from row ${row} on: its pivot there is ${pivot}`,
    remedy,
  });
}
