/** A dense row-major matrix `[rows, columns]` of f64, for the solvers. */
export interface Rows {
  readonly rows: number;
  readonly columns: number;
  /** Length `rows * columns`. */
  readonly data: Float64Array;
}

/** Inner products of all pairs of rows, `x xᵀ` `[rows, rows]`, symmetric. Works on 2 x 2 rows at a time. */
export function gram({ rows, columns, data }: Rows): Float64Array {
  const result = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i += 2) {
    const i0 = i * columns;
    const i1 = Math.min(i + 1, rows - 1) * columns;
    for (let j = 0; j <= i; j += 2) {
      const j0 = j * columns;
      const j1 = Math.min(j + 1, rows - 1) * columns;
      let s00 = 0;
      let s01 = 0;
      let s10 = 0;
      let s11 = 0;
      for (let k = 0; k < columns; k++) {
        const a0 = data[i0 + k] as number;
        const a1 = data[i1 + k] as number;
        const b0 = data[j0 + k] as number;
        const b1 = data[j1 + k] as number;
        s00 += a0 * b0;
        s01 += a0 * b1;
        s10 += a1 * b0;
        s11 += a1 * b1;
      }
      setPair(result, rows, i, j, s00);
      if (j + 1 < rows) setPair(result, rows, i, j + 1, s01);
      if (i + 1 < rows) setPair(result, rows, i + 1, j, s10);
      if (i + 1 < rows && j + 1 < rows) setPair(result, rows, i + 1, j + 1, s11);
    }
  }
  return result;
}

function setPair(target: Float64Array, n: number, i: number, j: number, value: number): void {
  target[i * n + j] = value;
  target[j * n + i] = value;
}

/** `xᵀ`, as a new matrix. */
export function transpose({ rows, columns, data }: Rows): Rows {
  const result = new Float64Array(data.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result[j * rows + i] = data[i * columns + j] as number;
  }
  return { rows: columns, columns: rows, data: result };
}

/** `x v` `[rows]` for `v` `[columns]`. */
export function timesVector({ rows, columns, data }: Rows, v: Float64Array): Float64Array {
  const result = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += (data[i * columns + j] as number) * (v[j] as number);
    result[i] = sum;
  }
  return result;
}

/** `xᵀ v` `[columns]` for `v` `[rows]`. */
export function transposeTimesVector({ rows, columns, data }: Rows, v: Float64Array): Float64Array {
  const result = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    const factor = v[i] as number;
    for (let j = 0; j < columns; j++) {
      result[j] = (result[j] as number) + factor * (data[i * columns + j] as number);
    }
  }
  return result;
}

/** Sum of the numbers. */
export function total(a: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] as number;
  return sum;
}
