import { FeedprintError } from '../errors.ts';
import { assertFinite } from '../matrix.ts';
import { tridiagonalise } from './tridiagonal.ts';

/** Most QL steps for one eigenvalue; two or three are usual. */
const MOST_STEPS = 60;

export interface SymmetricEigen {
  /** `[n]`, largest first. */
  readonly values: Float64Array;
  /** `[n, n]`: row `i` is the eigenvector of `values[i]`, of length 1, its largest entry positive. */
  readonly vectors: Float64Array;
}

/**
 * All eigenvalues and eigenvectors of a symmetric matrix `[n, n]`, row-major, which is not overwritten: Householder's
 * tridiagonal form, then QL steps with implicit shifts (Golub and Van Loan, sections 8.3.1 and 8.3.5). f64, O(n³).
 * Throws `shape-mismatch` for another number of entries, `numbers-invalid` for entries that are not finite.
 */
export function symmetricEigen(entries: Float64Array, n: number): SymmetricEigen {
  if (entries.length !== n * n) {
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `a matrix with ${n} rows and columns was given ${entries.length} entries`,
      remedy: 'pass all entries, row by row',
    });
  }
  assertFinite(entries, 'the matrix whose eigenvectors are wanted');
  // Q', row by row, with Q' a Q tridiagonal.
  const rotation = new Float64Array(n * n);
  for (let i = 0; i < n; i++) rotation[i * n + i] = 1;
  const rows = { rows: n, columns: n, data: rotation };
  const { diagonal, off } = tridiagonalise(entries.slice(), rows);
  diagonalise(diagonal, off, rotation);
  const order = [...diagonal.keys()].sort(
    (a, b) => (diagonal[b] as number) - (diagonal[a] as number) || a - b,
  );
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => {
    const vector = rotation.subarray(from * n, (from + 1) * n);
    const sign = largest(vector) < 0 ? -1 : 1;
    vectors.set(
      vector.map((v) => sign * v),
      to * n,
    );
  });
  return { values: Float64Array.from(order, (i) => diagonal[i] as number), vectors };
}

/** Entry of the largest magnitude; the first one if there are several. */
const largest = (vector: Float64Array): number =>
  vector.reduce((most, v) => (Math.abs(v) > Math.abs(most) ? v : most), 0);

/** Turns the tridiagonal matrix into its eigenvalues in `d`, and the rows of `rotation` into their eigenvectors. */
function diagonalise(d: Float64Array, e: Float64Array, rotation: Float64Array): void {
  const n = d.length;
  for (let first = 0; first < n; first++) {
    for (let step = 0; ; step++) {
      const last = endOfBlock(d, e, first);
      if (last === first) break;
      if (step === MOST_STEPS) throw notConverging(first);
      qlStep(d, e, rotation, first, last);
    }
  }
}

/** The last row that is still coupled to `first`. */
function endOfBlock(d: Float64Array, e: Float64Array, first: number): number {
  let last = first;
  for (; last + 1 < d.length; last++) {
    const size = Math.abs(d[last] as number) + Math.abs(d[last + 1] as number);
    if (Math.abs(e[last] as number) <= Number.EPSILON * size) break;
  }
  return last;
}

/** One implicit QL step on rows `first` to `last`, shifted by the eigenvalue of the leading 2 x 2 block nearer to its corner. */
function qlStep(
  d: Float64Array,
  e: Float64Array,
  rotation: Float64Array,
  first: number,
  last: number,
): void {
  const n = d.length;
  const [corner, coupling] = [d[first] as number, e[first] as number];
  const slope = ((d[first + 1] as number) - corner) / (2 * coupling);
  const reach = Math.hypot(slope, 1);
  let g = (d[last] as number) - corner + coupling / (slope + (slope < 0 ? -reach : reach));
  let [sine, cosine, shift] = [1, 1, 0];
  for (let i = last - 1; i >= first; i--) {
    const bulge = sine * (e[i] as number);
    const beside = cosine * (e[i] as number);
    const length = Math.hypot(bulge, g);
    e[i + 1] = length;
    if (length === 0) {
      d[i + 1] = (d[i + 1] as number) - shift;
      e[last] = 0;
      return;
    }
    sine = bulge / length;
    cosine = g / length;
    g = (d[i + 1] as number) - shift;
    const mixed = ((d[i] as number) - g) * sine + 2 * cosine * beside;
    shift = sine * mixed;
    d[i + 1] = g + shift;
    g = cosine * mixed - beside;
    rotateRows(rotation, n, i, cosine, sine);
  }
  d[first] = (d[first] as number) - shift;
  e[first] = g;
  e[last] = 0;
}

function rotateRows(m: Float64Array, n: number, i: number, cosine: number, sine: number): void {
  const [upper, lower] = [i * n, (i + 1) * n];
  for (let k = 0; k < n; k++) {
    const [x, y] = [m[upper + k] as number, m[lower + k] as number];
    m[upper + k] = cosine * x - sine * y;
    m[lower + k] = sine * x + cosine * y;
  }
}

const notConverging = (row: number): FeedprintError =>
  new FeedprintError({
    code: 'numbers-invalid',
    message: `no eigenvalue was found for row ${row} in ${MOST_STEPS} steps`,
    remedy: 'check the entries of the matrix',
  });
