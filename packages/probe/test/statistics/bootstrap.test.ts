import { describe, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import { bcaInterval, bootstrapInterval } from '../../src/statistics/bootstrap.ts';
import { quantileOfSorted } from '../../src/statistics/quantiles.ts';
import { hasCode } from '../golden.ts';

function meanOf(values: Float64Array): (indices: Int32Array) => number {
  return (indices) => indices.reduce((sum, i) => sum + (values[i] as number), 0) / indices.length;
}

function normals(n: number, seed: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: n }, () => random.normal());
}

describe('a bootstrap interval', () => {
  test('of a mean is as wide as the normal theory says', () => {
    const values = normals(400, 1);
    const interval = bootstrapInterval({
      items: 400,
      statistic: meanOf(values),
      resamples: 2000,
      random: createRandom(2),
    });
    const mean = values.reduce((sum, value) => sum + value, 0) / 400;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 400;
    const half = 1.96 * Math.sqrt(variance / 400);
    expect(Math.abs((interval?.low as number) - (mean - half))).toBeLessThan(0.1 * half);
    expect(Math.abs((interval?.high as number) - (mean + half))).toBeLessThan(0.1 * half);
  });

  test('covers the true mean about as often as it claims', () => {
    let covered = 0;
    for (let seed = 0; seed < 200; seed++) {
      const interval = bootstrapInterval({
        items: 20,
        statistic: meanOf(normals(20, 1000 + seed)),
        resamples: 200,
        confidence: 0.9,
        random: createRandom(seed),
      });
      if (interval && interval.low <= 0 && interval.high >= 0) covered++;
    }
    expect(covered / 200).toBeGreaterThan(0.8);
    expect(covered / 200).toBeLessThan(0.96);
  });

  test('is the same for the same seed and another for another', () => {
    const once = (seed: number) =>
      bootstrapInterval({
        items: 30,
        statistic: meanOf(normals(30, 1)),
        random: createRandom(seed),
      });
    expect(once(5)).toEqual(once(5));
    expect(once(5)).not.toEqual(once(6));
  });

  test('is undefined when too few resamples define the figure, or there is nothing to resample', () => {
    const random = createRandom(1);
    // One item in ten is left out of a resample of ten with probability 0.35.
    const statistic = (indices: Int32Array) => (indices.includes(0) ? 1 : undefined);
    expect(bootstrapInterval({ items: 10, statistic, random })).toBeUndefined();
    expect(bootstrapInterval({ items: 0, statistic, random })).toBeUndefined();
    expect(bootstrapInterval({ items: 5, statistic: () => NaN, random })).toBeUndefined();
  });

  test('is undefined over one item, which would have no width', () => {
    const options = { items: 1, statistic: () => 0.57, random: createRandom(1) };
    expect(bootstrapInterval(options)).toBeUndefined();
    expect(bcaInterval(options)).toBeUndefined();
    const two = { items: 2, statistic: (of: Int32Array) => (of[0] ?? 0) + (of[1] ?? 0) };
    expect(bootstrapInterval({ ...two, random: createRandom(1) })).toEqual({ low: 0, high: 2 });
  });

  test('refuses impossible options', () => {
    const options = { items: 3, statistic: () => 1, random: createRandom(1) };
    for (const bad of [
      { resamples: 0 },
      { resamples: 1.5 },
      { confidence: 1 },
      { confidence: NaN },
    ]) {
      expect(() => bootstrapInterval({ ...options, ...bad })).toThrow(hasCode('config-invalid'));
    }
  });
});

test('a quantile lies linearly between neighbours', () => {
  const sorted = Float64Array.of(1, 2, 4, 8);
  expect([0, 0.5, 1].map((p) => quantileOfSorted(sorted, p))).toEqual([1, 3, 8]);
  expect(quantileOfSorted(sorted, 0.025)).toBeCloseTo(1.075, 14);
});
