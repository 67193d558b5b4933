import type { Rows } from '@feedprint/core/linear-algebra';
import type { Design } from '../preferences/design.ts';

/** Some numbers of each reply or pair, a property in each array. */
export type Columns = readonly Float64Array[];

/** The sum of the products. */
export function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** Inner products of all pairs of columns, each row weighted; `[columns, columns]`. */
export function crossProducts(columns: Columns, weights?: Float64Array): Float64Array {
  const result = new Float64Array(columns.length ** 2);
  columns.forEach((a, i) => {
    const weighted = weights ? a.map((value, row) => value * (weights[row] as number)) : a;
    for (let j = 0; j <= i; j++) {
      const value = product(weighted, columns[j] as Float64Array);
      result[i * columns.length + j] = value;
      result[j * columns.length + i] = value;
    }
  });
  return result;
}

/** Columns times weights, `[rows]`. */
export function combine(columns: Columns, weights: ArrayLike<number>, rows: number): Float64Array {
  const result = new Float64Array(rows);
  columns.forEach((column, j) => {
    const weight = weights[j] as number;
    for (let i = 0; i < rows; i++) {
      result[i] = (result[i] as number) + weight * (column[i] as number);
    }
  });
  return result;
}

/** Columns as what regressions on differences take. `rows` counts their numbers, where there may be no column. */
export const columnDesign = (columns: Columns, rows: number): Design => ({
  rows,
  columns: columns.length,
  times(v, out) {
    out.set(combine(columns, v, rows));
  },
  transposeTimes(u, out) {
    columns.forEach((column, j) => (out[j] = product(column, u)));
  },
  squares: (weights) =>
    Float64Array.from(columns, (column) =>
      product(
        weights,
        column.map((value) => value * value),
      ),
    ),
  gram: (weights) => crossProducts(columns, weights),
  take: (kept) =>
    columnDesign(
      columns.map((column) => Float64Array.from(kept, (row) => column[row] as number)),
      kept.length,
    ),
});

/** Rows of a group added up, group by group: `[groups, columns]`. Groups are numbered from 0. */
export function sumByGroup(columns: Columns, groups: ArrayLike<number>): Rows {
  const count = 1 + columnMaximum(groups);
  const data = new Float64Array(count * columns.length);
  columns.forEach((column, j) => {
    for (let i = 0; i < column.length; i++) {
      const at = (groups[i] as number) * columns.length + j;
      data[at] = (data[at] as number) + (column[i] as number);
    }
  });
  return { rows: count, columns: columns.length, data };
}

function columnMaximum(groups: ArrayLike<number>): number {
  let most = -1;
  for (let i = 0; i < groups.length; i++) most = Math.max(most, groups[i] as number);
  return most;
}
