import { FeedprintError } from '../errors.ts';
import type { Matrix } from '../matrix.ts';

/** Rows whose products are summed at once. */
export const CHUNK = 64;
/** Columns are padded with zeros to a multiple of this, so that products leave no remainder. */
const TILE = 4;
const padded = (width: number): number => TILE * Math.ceil(width / TILE);

/** At most `CHUNK` rows by column, in f64: `[padded width, CHUNK]`, zeros where there is nothing. */
export interface Columns {
  readonly width: number;
  readonly data: Float64Array;
}

export function createColumns(width: number): Columns {
  return { width, data: new Float64Array(padded(width) * CHUNK) };
}

/** Fills columns with the rows `[start, end)` minus the origin, and adds them to `sums` `[width]`. */
export function fillColumns(
  { width, data }: Columns,
  m: Matrix,
  [start, end]: readonly [number, number],
  origin: Float32Array,
  sums: Float64Array,
): void {
  for (let j = 0; j < width; j++) {
    const zero = origin[j] as number;
    const at = j * CHUNK;
    let sum = 0;
    for (let r = start; r < end; r++) {
      const value = (m.data[r * m.columns + j] as number) - zero;
      data[at + r - start] = value;
      sum += value;
    }
    data.fill(0, at + end - start, at + CHUNK);
    sums[j] = (sums[j] as number) + sum;
  }
}

/** Sums of products A'B over rows, `[width of a, width of b]`. */
export interface CrossProducts {
  add(a: Columns, b: Columns): void;
  /** Squared Frobenius norm of the centred A'B, given the columns' sums over the rows. */
  squares(sumA: Float64Array, sumB: Float64Array, rows: number): number;
  /** A'B as it is, `[width of a, width of b]`, both triangles. */
  dense(): Float64Array;
}

/** Sums A'B; with `symmetric`, for A and B that are the same, little more than its upper triangle. */
export function createCrossProducts(
  widthA: number,
  widthB: number,
  symmetric = false,
): CrossProducts {
  const stride = padded(widthB);
  const products = new Float64Array(padded(widthA) * stride);
  return {
    add(a, b) {
      if (a.width !== widthA || b.width !== widthB) throw mismatch(a, b, widthA, widthB);
      for (let i = 0; i < widthA; i += 2) {
        for (let j = symmetric ? i - (i % TILE) : 0; j < widthB; j += TILE) {
          addTile(products, i * stride + j, stride, a.data, i * CHUNK, b.data, j * CHUNK);
        }
      }
    },
    squares(sumA, sumB, rows) {
      let total = 0;
      for (let i = 0; i < widthA; i++) {
        const mean = (sumA[i] as number) / rows;
        for (let j = symmetric ? i : 0; j < widthB; j++) {
          const centred = (products[i * stride + j] as number) - mean * (sumB[j] as number);
          total += (symmetric && j > i ? 2 : 1) * centred * centred;
        }
      }
      return total;
    },
    dense() {
      const result = new Float64Array(widthA * widthB);
      for (let i = 0; i < widthA; i++) {
        for (let j = 0; j < widthB; j++) {
          const at = symmetric && j < i ? j * stride + i : i * stride + j;
          result[i * widthB + j] = products[at] as number;
        }
      }
      return result;
    },
  };
}

/** Adds the products of two columns of `a` with four of `b`: numbers loaded once serve eight sums. */
function addTile(
  products: Float64Array,
  at: number,
  stride: number,
  a: Float64Array,
  a0: number,
  b: Float64Array,
  b0: number,
): void {
  const a1 = a0 + CHUNK;
  const b1 = b0 + CHUNK;
  const b2 = b1 + CHUNK;
  const b3 = b2 + CHUNK;
  let p0 = 0;
  let p1 = 0;
  let p2 = 0;
  let p3 = 0;
  let q0 = 0;
  let q1 = 0;
  let q2 = 0;
  let q3 = 0;
  for (let r = 0; r < CHUNK; r++) {
    const p = a[a0 + r] as number;
    const q = a[a1 + r] as number;
    const w = b[b0 + r] as number;
    const x = b[b1 + r] as number;
    const y = b[b2 + r] as number;
    const z = b[b3 + r] as number;
    p0 += p * w;
    p1 += p * x;
    p2 += p * y;
    p3 += p * z;
    q0 += q * w;
    q1 += q * x;
    q2 += q * y;
    q3 += q * z;
  }
  addFour(products, at, p0, p1, p2, p3);
  addFour(products, at + stride, q0, q1, q2, q3);
}

function addFour(sums: Float64Array, at: number, a: number, b: number, c: number, d: number): void {
  sums[at] = (sums[at] as number) + a;
  sums[at + 1] = (sums[at + 1] as number) + b;
  sums[at + 2] = (sums[at + 2] as number) + c;
  sums[at + 3] = (sums[at + 3] as number) + d;
}

const mismatch = (a: Columns, b: Columns, widthA: number, widthB: number): FeedprintError =>
  new FeedprintError({
    code: 'shape-mismatch',
    message: `cannot add columns of widths ${a.width} and ${b.width} to products of ${widthA} and ${widthB}`,
    remedy: 'pass columns of the stated widths',
  });
