import { dot } from '../matrix.ts';
import type { Rows } from './rows.ts';

/** A symmetric tridiagonal matrix. */
export interface Tridiagonal {
  /** `[n]` */
  readonly diagonal: Float64Array;
  /** `[n]`: entry `i` couples `i` and `i + 1`; the last is 0. */
  readonly off: Float64Array;
}

/**
 * Turns the symmetric `a` `[n, n]` into `qᵀ a q`, tridiagonal, and `b` `[n, columns]` into `qᵀ b`, for some orthogonal `q`, by
 * Householder reflections (Golub and Van Loan, algorithm 8.3.1). Both inputs are overwritten; O(n³) once, after which
 * shifted systems cost O(n) each.
 */
export function tridiagonalise(a: Float64Array, b: Rows): Tridiagonal {
  const n = b.rows;
  const off = new Float64Array(n);
  const scratch = {
    v: new Float64Array(n),
    w: new Float64Array(n),
    shift: new Float64Array(b.columns),
  };
  const { v } = scratch;
  for (let k = 0; k < n - 1; k++) {
    const first = k + 1;
    let [squares, rest] = [0, 0];
    for (let i = first; i < n; i++) {
      v[i] = a[k * n + i] as number;
      const square = (v[i] as number) ** 2;
      squares += square;
      if (i > first) rest += square;
    }
    const head = v[first] as number;
    if (rest === 0) {
      off[k] = head;
      continue;
    }
    off[k] = head > 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
    v[first] = head - (off[k] as number);
    reflect(a, b, scratch, first);
  }
  return { diagonal: Float64Array.from({ length: n }, (_, i) => a[i * n + i] as number), off };
}

interface Scratch {
  /** The reflection is `h = 1 - β v vᵀ`, acting on the entries from `first` on. */
  readonly v: Float64Array;
  readonly w: Float64Array;
  readonly shift: Float64Array;
}

/** `h a h` and `h b`. */
function reflect(a: Float64Array, b: Rows, { v, w, shift }: Scratch, first: number): void {
  const n = b.rows;
  const tail = v.subarray(first);
  const beta = 2 / dot(tail, tail);
  for (let i = first; i < n; i++) {
    let sum = 0;
    for (let j = first; j < n; j++) sum += (a[i * n + j] as number) * (v[j] as number);
    w[i] = beta * sum;
  }
  const half = (beta / 2) * dot(w.subarray(first), tail);
  for (let i = first; i < n; i++) w[i] = (w[i] as number) - half * (v[i] as number);
  for (let i = first; i < n; i++) {
    const vi = v[i] as number;
    const wi = w[i] as number;
    for (let j = first; j < n; j++) {
      a[i * n + j] = (a[i * n + j] as number) - vi * (w[j] as number) - wi * (v[j] as number);
    }
  }
  reflectRows(b, v, shift, beta, first);
}

/** `h b`, row by row: a column's inner product with `v` is summed in the order of the rows. */
function reflectRows(
  { rows, columns, data }: Rows,
  v: Float64Array,
  shift: Float64Array,
  beta: number,
  first: number,
): void {
  shift.fill(0);
  for (let i = first; i < rows; i++) {
    const vi = v[i] as number;
    for (let j = 0; j < columns; j++) {
      shift[j] = (shift[j] as number) + (data[i * columns + j] as number) * vi;
    }
  }
  for (let j = 0; j < columns; j++) shift[j] = beta * (shift[j] as number);
  for (let i = first; i < rows; i++) {
    const vi = v[i] as number;
    for (let j = 0; j < columns; j++) {
      data[i * columns + j] = (data[i * columns + j] as number) - (shift[j] as number) * vi;
    }
  }
}

/**
 * Solves `(t + shift) u = b` and takes the trace of `(t + shift)⁻¹`, for `t` positive semidefinite and `shift` > 0, in
 * O(n): pivots from the top and from the bottom give the inverse's diagonal.
 */
export function solveShifted(
  { diagonal, off }: Tridiagonal,
  shift: number,
  b: Float64Array,
): { readonly solution: Float64Array; readonly traceOfInverse: number } {
  const n = diagonal.length;
  const down = new Float64Array(n);
  const u = Float64Array.from(b);
  for (let i = 0; i < n; i++) {
    down[i] = (diagonal[i] as number) + shift;
    if (i === 0) continue;
    const factor = (off[i - 1] as number) / (down[i - 1] as number);
    down[i] = (down[i] as number) - factor * (off[i - 1] as number);
    u[i] = (u[i] as number) - factor * (u[i - 1] as number);
  }
  let traceOfInverse = 0;
  let up = 0;
  for (let i = n - 1; i >= 0; i--) {
    const own = (diagonal[i] as number) + shift;
    const coupling = off[i] as number;
    up = i === n - 1 ? own : own - (coupling * coupling) / up;
    if (i < n - 1) u[i] = (u[i] as number) - coupling * (u[i + 1] as number);
    u[i] = (u[i] as number) / (down[i] as number);
    traceOfInverse += 1 / ((down[i] as number) + up - own);
  }
  return { solution: u, traceOfInverse };
}
