import { cholesky, choleskySolve } from '@feedprint/core/linear-algebra';
import { clusteredErrors } from './clustered-errors.ts';
import type { Fit } from './clustered-errors.ts';
import { combine, crossProducts, product } from './columns.ts';
import type { Columns } from './columns.ts';

/** Share of the mean eigenvalue that is added to all of them, so that columns which determine each other have a solution. */
const RIDGE = 1e-9;

/**
 * Least squares through the origin of differences on differences, with standard errors clustered by group. What is
 * common to both sides of a difference, such as its prompt, is gone from both. Throws `numbers-invalid` for a column
 * that is 0 throughout.
 */
export function regressDifferences(
  columns: Columns,
  target: Float64Array,
  groups: ArrayLike<number>,
): Fit {
  const hessian = crossProducts(columns);
  const n = columns.length;
  let trace = 0;
  for (let j = 0; j < n; j++) trace += hessian[j * n + j] as number;
  for (let j = 0; j < n; j++) {
    hessian[j * n + j] = (hessian[j * n + j] as number) + (RIDGE * trace) / n;
  }
  const right = Float64Array.from(columns, (column) => product(column, target));
  const weights = choleskySolve(cholesky(hessian, n), right);
  const fitted = combine(columns, weights, target.length);
  const rest = target.map((value, i) => value - (fitted[i] as number));
  const scores = columns.map((column) => column.map((value, i) => value * (rest[i] as number)));
  return { weights, errors: clusteredErrors({ hessian, scores, groups }) };
}
