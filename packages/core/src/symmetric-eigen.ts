import { FeedprintError } from './errors.ts';
import { assertFinite } from './matrix.ts';

/** Steps of the QL iteration for one eigenvalue; two or three are usual. */
const MOST_STEPS = 60;

export interface SymmetricEigen {
  /** `[n]`, largest first. */
  readonly values: Float64Array;
  /** `[n, n]`: row `i` is the eigenvector of `values[i]`, of length 1, its largest entry positive. */
  readonly vectors: Float64Array;
}

/**
 * All eigenvalues and eigenvectors of a symmetric matrix `[n, n]`, row-major, of which nothing is overwritten: Householder's
 * tridiagonal form, then QL steps with implicit shifts (Golub and Van Loan, sections 8.3.1 and 8.3.5). f64, O(n³).
 * Throws `shape-mismatch` for another number of entries, `numbers-invalid` for entries that are not finite.
 */
export function symmetricEigen(entries: Float64Array, n: number): SymmetricEigen {
  if (entries.length !== n * n) {
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `a matrix of ${n} rows and columns was given ${entries.length} entries`,
      remedy: 'pass all entries, row by row',
    });
  }
  assertFinite(entries, 'the matrix whose eigenvectors are asked');
  const { diagonal, off, rotation } = tridiagonalise(entries.slice(), n);
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

/** Entry of the largest magnitude, the first of equal ones. */
const largest = (vector: Float64Array): number =>
  vector.reduce((most, v) => (Math.abs(v) > Math.abs(most) ? v : most), 0);

interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** Entry `i` couples `i` and `i + 1`; the last is 0. */
  readonly off: Float64Array;
  /** Q, row by row, with Q a Q' tridiagonal. */
  readonly rotation: Float64Array;
}

function tridiagonalise(a: Float64Array, n: number): Tridiagonal {
  const off = new Float64Array(n);
  const rotation = new Float64Array(n * n);
  for (let i = 0; i < n; i++) rotation[i * n + i] = 1;
  const [v, w] = [new Float64Array(n), new Float64Array(n)];
  for (let k = 0; k + 1 < n; k++) {
    const first = k + 1;
    let rest = 0;
    for (let i = first; i < n; i++) {
      v[i] = a[k * n + i] as number;
      if (i > first) rest += (v[i] as number) ** 2;
    }
    const head = v[first] as number;
    if (rest === 0) {
      off[k] = head;
      continue;
    }
    const length = Math.sqrt(rest + head * head);
    off[k] = head > 0 ? -length : length;
    v[first] = head - (off[k] as number);
    const beta = 2 / (rest + (v[first] as number) ** 2);
    reflectBothSides(a, n, { v, w, beta, first });
    reflectRows(rotation, n, { v, w, beta, first });
  }
  return {
    diagonal: Float64Array.from({ length: n }, (_, i) => a[i * n + i] as number),
    off,
    rotation,
  };
}

/** H = 1 - beta v v', v being 0 before `first`; `w` is scratch. */
interface Reflection {
  readonly v: Float64Array;
  readonly w: Float64Array;
  readonly beta: number;
  readonly first: number;
}

/** a <- H a H. */
function reflectBothSides(a: Float64Array, n: number, { v, w, beta, first }: Reflection): void {
  let inner = 0;
  for (let i = first; i < n; i++) {
    let sum = 0;
    for (let j = first; j < n; j++) sum += (a[i * n + j] as number) * (v[j] as number);
    w[i] = beta * sum;
    inner += (w[i] as number) * (v[i] as number);
  }
  for (let i = first; i < n; i++) w[i] = (w[i] as number) - (beta / 2) * inner * (v[i] as number);
  for (let i = first; i < n; i++) {
    const [vi, wi] = [v[i] as number, w[i] as number];
    for (let j = first; j < n; j++) {
      const at = i * n + j;
      a[at] = (a[at] as number) - vi * (w[j] as number) - wi * (v[j] as number);
    }
  }
}

/** m <- H m. */
function reflectRows(m: Float64Array, n: number, { v, w, beta, first }: Reflection): void {
  w.fill(0);
  for (let i = first; i < n; i++) {
    for (let j = 0; j < n; j++)
      w[j] = (w[j] as number) + (v[i] as number) * (m[i * n + j] as number);
  }
  for (let i = first; i < n; i++) {
    const factor = beta * (v[i] as number);
    for (let j = 0; j < n; j++) m[i * n + j] = (m[i * n + j] as number) - factor * (w[j] as number);
  }
}

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
