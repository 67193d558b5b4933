import { cholesky, choleskySolve } from '@feedprint/core/linear-algebra';
import { combine, crossProducts, product } from './columns.ts';
import type { Columns } from './columns.ts';

/** Share of each diagonal entry that is added to it, so that columns which determine each other have a solution. */
const RIDGE = 1e-9;

/** What is left of a column when its weighted projection on others, through the origin, is taken away. */
export function regressOut(
  columns: Columns,
  weights?: Float64Array,
): (column: Float64Array) => Float64Array {
  if (columns.length === 0) return (column) => column;
  const onto = projection(columns, weights);
  return (column) => {
    const fitted = combine(columns, onto(column), column.length);
    return column.map((value, i) => value - (fitted[i] as number));
  };
}

/** Coefficients of a column's weighted projection on others, through the origin. */
export function projection(
  columns: Columns,
  weights?: Float64Array,
): (column: Float64Array) => Float64Array {
  const n = columns.length;
  const gram = crossProducts(columns, weights);
  for (let j = 0; j < n; j++) gram[j * n + j] = (gram[j * n + j] as number) * (1 + RIDGE);
  const factor = cholesky(gram, n);
  return (column) => {
    const weighted = weights ? column.map((value, i) => value * (weights[i] as number)) : column;
    return choleskySolve(
      factor,
      Float64Array.from(columns, (each) => product(each, weighted)),
    );
  };
}
