import { dot, matrix, norm, row } from '@feedprint/core';
import type { Matrix, Random } from '@feedprint/core';
import { symmetricEigen } from '@feedprint/core/linear-algebra';
import type { Metric } from './prediction-metric.ts';

/**
 * A subspace of a site's activations, and what the component of a vector in it is: the sum over directions k of (read[k] . v)
 * write[k]. Both `[directions, width]`; read[j] . write[k] is 1 for j = k, else 0. The component is the nearest vector of
 * the subspace in the metric, and the norm of the coefficients is its length there.
 */
export interface Subspace {
  readonly read: Matrix;
  readonly write: Matrix;
}

/**
 * The directions along which replacing one model's activations with another's has most effect, to first order: the leading eigenvectors
 * of the symmetric part of `cross` `[width, width]`, the sum over positions of g d', with g the gradient of what is to be
 * explained and d the difference of activations there, both in coordinates in which the metric is the identity.
 */
export function attributionSubspace(
  cross: Float64Array,
  metric: Metric,
  directions: number,
): Subspace {
  const white = times(times(metric.inverse, cross, metric.width), metric.root, metric.width);
  return leading(symmetricPart(white, metric.width), metric, directions);
}

/** The directions along which differences vary most about 0 in the metric; `moments` `[width, width]` is the sum of d d'. */
export function differenceSubspace(
  moments: Float64Array,
  metric: Metric,
  directions: number,
): Subspace {
  const white = times(times(metric.root, moments, metric.width), metric.root, metric.width);
  return leading(symmetricPart(white, metric.width), metric, directions);
}

/** The span of the rows of `directions`, leaving out those that others contain. */
export function spannedSubspace(directions: Matrix, metric: Metric): Subspace {
  const rows = Array.from({ length: directions.rows }, (_, r) =>
    Float64Array.from({ length: metric.width }, (_c, i) =>
      dot(metric.root.subarray(i * metric.width, (i + 1) * metric.width), row(directions, r)),
    ),
  );
  return fromWhite(orthonormal(rows), metric);
}

/**
 * As many random directions. With `differences`, the rows of differences of activations `[positions, width]`, each is a sum of these with
 * random normal weights, so that it is drawn from what differs; without, all directions are as likely.
 */
export function randomSubspace(
  metric: Metric,
  directions: number,
  { random, differences }: { readonly random: Random; readonly differences?: Matrix },
): Subspace {
  const { width } = metric;
  const drawn = Array.from({ length: directions }, () => {
    if (!differences) return Float64Array.from({ length: width }, () => random.normal());
    const mixed = new Float64Array(width);
    for (let r = 0; r < differences.rows; r++) {
      const weight = random.normal();
      row(differences, r).forEach((v, i) => (mixed[i] = (mixed[i] as number) + weight * v));
    }
    return mixed.map((_, i) => dot(metric.root.subarray(i * width, (i + 1) * width), mixed));
  });
  return fromWhite(orthonormal(drawn), metric);
}

/**
 * How much replacing the component along each row of `directions` alone would do, to first order, `[rows]`: v'CMv / v'Mv with C = `cross`
 * and M the metric.
 */
export function attributionOf(
  directions: Matrix,
  cross: Float64Array,
  { root, width }: Metric,
): Float64Array {
  const square = times(root, root, width);
  const pulled = times(cross, square, width);
  return Float64Array.from({ length: directions.rows }, (_, r) => {
    const direction = row(directions, r);
    const size = dot(direction, timesRow(square, direction, width));
    return size > 0 ? dot(direction, timesRow(pulled, direction, width)) / size : 0;
  });
}

function leading(white: Float64Array, metric: Metric, directions: number): Subspace {
  const { vectors } = symmetricEigen(white, metric.width);
  const count = Math.min(directions, metric.width);
  const rows = Array.from({ length: count }, (_, k) =>
    vectors.slice(k * metric.width, (k + 1) * metric.width),
  );
  return fromWhite(rows, metric);
}

/** From orthonormal directions in coordinates in which the metric is the identity. */
function fromWhite(white: readonly Float64Array[], { width, root, inverse }: Metric): Subspace {
  const [read, write] = [matrix(white.length, width), matrix(white.length, width)];
  white.forEach((direction, k) => {
    row(read, k).set(timesRow(root, direction, width));
    row(write, k).set(timesRow(inverse, direction, width));
  });
  return { read, write };
}

/** Gram-Schmidt, twice for accuracy; a row that is a combination of those before it is left out. */
function orthonormal(rows: readonly Float64Array[]): Float64Array[] {
  const kept: Float64Array[] = [];
  for (const given of rows) {
    const size = norm(given);
    const left = given.slice();
    for (const other of [...kept, ...kept]) {
      const along = dot(left, other);
      for (let i = 0; i < left.length; i++)
        left[i] = (left[i] as number) - along * (other[i] as number);
    }
    const rest = norm(left);
    if (rest > 1e-6 * size) kept.push(left.map((v) => v / rest));
  }
  return kept;
}

function timesRow(m: Float64Array, v: ArrayLike<number>, n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => dot(m.subarray(i * n, (i + 1) * n), v));
}

function times(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const result = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const scale = a[i * n + k] as number;
      for (let j = 0; j < n; j++)
        result[i * n + j] = (result[i * n + j] as number) + scale * (b[k * n + j] as number);
    }
  }
  return result;
}

const symmetricPart = (m: Float64Array, n: number): Float64Array =>
  m.map((v, at) => (v + (m[(at % n) * n + Math.floor(at / n)] as number)) / 2);
