import { describe, expect, test } from '@jest/globals';
import { createRandom, dot, matrix, norm, row } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import {
  attributionOf,
  attributionSubspace,
  differenceSubspace,
  predictionMetric,
  randomSubspace,
  spannedSubspace,
} from '../../src/index.ts';
import type { Metric, Subspace } from '../../src/index.ts';

const WIDTH = 6;
const random = createRandom(11);
const vector = (): Float32Array => Float32Array.from({ length: WIDTH }, () => random.normal());
const flat: Metric = predictionMetric(new Float64Array(WIDTH * WIDTH), {
  width: WIDTH,
  positions: 1,
});

/** Sum of a b' over pairs of vectors, row-major. */
function outer(pairs: readonly (readonly [Float32Array, Float32Array])[]): Float64Array {
  const sum = new Float64Array(WIDTH * WIDTH);
  for (const [a, b] of pairs) {
    sum.forEach((v, at) => {
      const [i, j] = [Math.floor(at / WIDTH), at % WIDTH];
      sum[at] = v + (a[i] as number) * (b[j] as number);
    });
  }
  return sum;
}
const scores = Array.from({ length: 40 }, vector);
const moments = outer(scores.map((s) => [s, s] as const));
const metric = predictionMetric(moments, { width: WIDTH, positions: scores.length });
const times = (m: Float64Array, v: ArrayLike<number>): Float64Array =>
  Float64Array.from({ length: WIDTH }, (_, i) => dot(m.subarray(i * WIDTH, (i + 1) * WIDTH), v));
const component = ({ read, write }: Subspace, v: Float32Array): Float64Array => {
  const sum = new Float64Array(WIDTH);
  for (let k = 0; k < read.rows; k++) {
    const along = dot(row(read, k), v);
    row(write, k).forEach((w, i) => (sum[i] = (sum[i] as number) + along * w));
  }
  return sum;
};
const unit = (v: ArrayLike<number>): number[] => Array.from(v, (x) => x / norm(v));
const rowsOf = (...vectors: readonly Float32Array[]): Matrix => {
  const m = matrix(vectors.length, WIDTH);
  vectors.forEach((v, r) => row(m, r).set(v));
  return m;
};
const expectClose = (a: ArrayLike<number>, b: ArrayLike<number>): void =>
  Array.from(a).forEach((v, i) => expect(v).toBeCloseTo(b[i] as number, 5));

describe('the metric of predictions', () => {
  test("is the mean of s s' plus a tenth of its mean eigenvalue", () => {
    const v = vector();
    const trace = scores.reduce((sum, s) => sum + norm(s) ** 2, 0) / scores.length;
    const expected =
      scores.reduce((sum, s) => sum + dot(s, v) ** 2, 0) / scores.length +
      (0.1 * trace * norm(v) ** 2) / WIDTH;
    expect(norm(times(metric.root, v)) ** 2).toBeCloseTo(expected, 6);
  });

  test('has a root and its inverse', () => {
    const v = vector();
    expectClose(times(metric.inverse, times(metric.root, v)), v);
  });

  test('is flat where nothing moves predictions', () => {
    const v = vector();
    expectClose(times(flat.root, v), v);
  });
});

describe('components', () => {
  const a = vector();
  const b = vector();
  const span = spannedSubspace(rowsOf(a, b), metric);

  test('of what the subspace contains are that itself, and of components again', () => {
    const mixed = a.map((v, i) => 2 * v - (b[i] as number));
    expectClose(component(span, mixed), mixed);
    const v = vector();
    const once = component(span, v);
    expectClose(component(span, Float32Array.from(once)), once);
  });

  test('are the nearest in the metric', () => {
    const v = vector();
    const own = component(span, v);
    const gap = (c: ArrayLike<number>): number =>
      norm(
        times(
          metric.root,
          v.map((x, i) => x - (c[i] as number)),
        ),
      );
    for (const other of [a, b]) {
      for (const step of [-0.01, 0.01]) {
        expect(gap(own.map((x, i) => x + step * (other[i] as number)))).toBeGreaterThan(gap(own));
      }
    }
  });

  test('leave out a direction that is there already', () => {
    expect(
      spannedSubspace(
        rowsOf(
          a,
          b,
          a.map((v) => -3 * v),
        ),
        metric,
      ).read.rows,
    ).toBe(2);
  });
});

describe('directions of largest attribution', () => {
  // The leading eigenvector of (g d' + d g') / 2 is g / |g| + d / |d|.
  test('bisect gradient and difference where there is one of each', () => {
    const [g, d] = [vector(), vector()];
    const { write } = attributionSubspace(outer([[g, d]]), flat, 1);
    const bisector = unit(unit(g).map((v, i) => v + (unit(d)[i] as number)));
    const sign = Math.sign(dot(row(write, 0), bisector));
    expectClose(
      row(write, 0),
      bisector.map((v) => sign * v),
    );
  });

  test('have more attribution than any other direction', () => {
    const cross = outer(Array.from({ length: 5 }, () => [vector(), vector()] as const));
    const { write } = attributionSubspace(cross, metric, 1);
    const [most] = attributionOf(write, cross, metric);
    const others = attributionOf(rowsOf(...Array.from({ length: 200 }, vector)), cross, metric);
    expect(Math.max(...others)).toBeLessThanOrEqual((most as number) + 1e-9);
  });

  test('are what the exchange does to first order', () => {
    const [g, d, direction] = [vector(), vector(), vector()];
    const [effect] = attributionOf(rowsOf(direction), outer([[g, d]]), metric);
    const moved = component(spannedSubspace(rowsOf(direction), metric), d);
    expect(effect).toBeCloseTo(dot(g, moved), 5);
  });
});

test('directions of the difference follow it', () => {
  const d = vector();
  const { write } = differenceSubspace(outer([[d, d]]), metric, 1);
  expect(Math.abs(dot(unit(row(write, 0)), unit(d)))).toBeCloseTo(1, 6);
});

describe('random subspaces', () => {
  test('have the dimension asked for, and read what they write', () => {
    const { read, write } = randomSubspace(metric, 3, { random: createRandom(1) });
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        expect(dot(row(read, i), row(write, j))).toBeCloseTo(i === j ? 1 : 0, 5);
      }
    }
  });

  test('drawn from differences stay within their span', () => {
    const differences = rowsOf(vector(), vector());
    const span = spannedSubspace(differences, metric);
    const { write } = randomSubspace(metric, 1, { random: createRandom(2), differences });
    expectClose(component(span, row(write, 0)), row(write, 0));
  });

  test('are the same for a seed', () => {
    const drawn = (seed: number) => randomSubspace(metric, 2, { random: createRandom(seed) });
    expect(drawn(5)).toEqual(drawn(5));
    expect(drawn(6)).not.toEqual(drawn(5));
  });
});
