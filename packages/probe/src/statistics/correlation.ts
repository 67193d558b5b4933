import { assertPaired, isConstant } from './checks.ts';
import { incompleteBeta } from './incomplete-beta.ts';
import { averageRanks } from './ranks.ts';

/** A correlation coefficient, and the probability (two-sided) of one at least as far from 0 under independence. */
export interface Correlation {
  readonly r: number;
  readonly p: number;
}

/**
 * Pearson's correlation; `undefined` if a list is constant or shorter than 3. The p-value holds for normal data
 * (Student's t with n - 2 degrees of freedom). Throws `numbers-invalid` for numbers that are not finite.
 */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): Correlation | undefined {
  const r = pearsonCoefficient(x, y);
  return r === undefined ? undefined : { r, p: pValue(r, x.length) };
}

/** Spearman's rank correlation, ties at their mean rank; otherwise as `pearson`. */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): Correlation | undefined {
  const r = spearmanCoefficient(x, y);
  return r === undefined ? undefined : { r, p: pValue(r, x.length) };
}

/** `pearson` without its p-value, for resampling. */
export function pearsonCoefficient(x: ArrayLike<number>, y: ArrayLike<number>): number | undefined {
  assertPaired(x, y, ['x', 'y']);
  if (x.length < 3 || isConstant(x) || isConstant(y)) return undefined;
  const a = centredUnit(x);
  const b = centredUnit(y);
  if (a === undefined || b === undefined) return undefined;
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return Math.max(-1, Math.min(1, sum));
}

/** `spearman` without its p-value, for resampling. */
export function spearmanCoefficient(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
): number | undefined {
  assertPaired(x, y, ['x', 'y']);
  return pearsonCoefficient(averageRanks(x), averageRanks(y));
}

/** The deviations from the mean, scaled to norm 1; divided by the largest number first, so that nothing overflows. */
function centredUnit(values: ArrayLike<number>): Float64Array | undefined {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    largest = Math.max(largest, Math.abs(values[i] as number));
  }
  const result = new Float64Array(values.length);
  let sum = 0;
  for (let i = 0; i < result.length; i++) {
    const value = (values[i] as number) / largest;
    result[i] = value;
    sum += value;
  }
  const mean = sum / result.length;
  let squares = 0;
  for (let i = 0; i < result.length; i++) {
    const deviation = (result[i] as number) - mean;
    result[i] = deviation;
    squares += deviation * deviation;
  }
  if (!(squares > 0)) return undefined;
  const norm = Math.sqrt(squares);
  for (let i = 0; i < result.length; i++) result[i] = (result[i] as number) / norm;
  return result;
}

function pValue(r: number, n: number): number {
  return incompleteBeta((n - 2) / 2, 0.5, (1 - r) * (1 + r), r * r);
}
