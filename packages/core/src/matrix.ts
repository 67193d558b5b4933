import { FeedprintError } from './errors.ts';

/** A dense row-major matrix `[rows, columns]` of f32. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** Length `rows * columns`. */
  readonly data: Float32Array;
}

/** A matrix over `data`, or a matrix of zeros. Throws `shape-mismatch` when the length is not `rows * columns`. */
export function matrix(rows: number, columns: number, data?: Float32Array): Matrix {
  if (data && data.length !== rows * columns) {
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `a matrix of shape [${rows}, ${columns}] needs ${rows * columns} numbers, got ${data.length}`,
      remedy: 'pass data of the stated shape',
    });
  }
  return { rows, columns, data: data ?? new Float32Array(rows * columns) };
}

/** Row `index` as a view (no copy). */
export function row(m: Matrix, index: number): Float32Array {
  return m.data.subarray(index * m.columns, (index + 1) * m.columns);
}

/** Copies the given rows, in order, to a new matrix `[indices.length, columns]`. */
export function takeRows(m: Matrix, indices: ArrayLike<number>): Matrix {
  const result = matrix(indices.length, m.columns);
  for (let i = 0; i < indices.length; i++) {
    result.data.set(row(m, indices[i] as number), i * m.columns);
  }
  return result;
}

/** Copies the given columns, in order, into a new matrix `[rows, indices.length]`. */
export function takeColumns(m: Matrix, indices: readonly number[]): Matrix {
  const result = matrix(m.rows, indices.length);
  for (let r = 0; r < m.rows; r++) {
    indices.forEach((column, c) => {
      result.data[r * indices.length + c] = m.data[r * m.columns + column] as number;
    });
  }
  return result;
}

/** Puts matrices of equal row counts side by side: `[rows, sum of columns]`. */
export function concatColumns(parts: readonly Matrix[]): Matrix {
  const rows = parts[0]?.rows ?? 0;
  const columns = parts.reduce((sum, part) => sum + part.columns, 0);
  const result = matrix(rows, columns);
  let offset = 0;
  for (const part of parts) {
    if (part.rows !== rows) {
      throw new FeedprintError({
        code: 'shape-mismatch',
        message: `cannot put ${part.rows} rows beside ${rows}`,
        remedy: 'pass matrices with equal numbers of rows',
      });
    }
    for (let i = 0; i < rows; i++) result.data.set(row(part, i), i * columns + offset);
    offset += part.columns;
  }
  return result;
}

/** Inner product, accumulated in f64. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** Euclidean norm, accumulated in f64. */
export function norm(a: ArrayLike<number>): number {
  return Math.sqrt(dot(a, a));
}

/** Throws `numbers-invalid`, naming the place, if any number is NaN or infinite. */
export function assertFinite(numbers: ArrayLike<number>, what: string): void {
  if (numbers instanceof Float32Array && allFinite(numbers)) return;
  for (let i = 0; i < numbers.length; i++) {
    if (!Number.isFinite(numbers[i])) {
      throw new FeedprintError({
        code: 'numbers-invalid',
        message: `${what} holds ${numbers[i]} at index ${i}`,
        remedy: 'use weights and data that are finite',
      });
    }
  }
}

/** Tests the bits: the exponent of NaN and infinity is all ones. Several times as fast as `Number.isFinite`. */
function allFinite(numbers: Float32Array): boolean {
  const bits = new Int32Array(numbers.buffer, numbers.byteOffset, numbers.length);
  for (let i = 0; i < bits.length; i++) {
    if (((bits[i] as number) & 0x7f80_0000) === 0x7f80_0000) return false;
  }
  return true;
}
