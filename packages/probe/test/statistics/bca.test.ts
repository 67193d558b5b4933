import { describe, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import type { Random } from '@feedprint/core';
import { differenceOf, intervalOf } from '../../src/statistics/bca.ts';
import { bcaInterval, bootstrapInterval, drawBootstrap } from '../../src/statistics/bootstrap.ts';
import { pearsonCoefficient } from '../../src/statistics/correlation.ts';
import { kendallTauB } from '../../src/statistics/kendall.ts';
import { expectClose, readGolden } from '../golden.ts';

type Bounds = readonly [number, number];
interface Golden {
  readonly statistic: 'mean' | 'tau' | 'pearson';
  readonly x: number[];
  readonly y: number[];
  readonly indices: number[][];
  readonly '0.95': { readonly BCa: Bounds; readonly percentile: Bounds };
  readonly '0.8': { readonly BCa: Bounds; readonly percentile: Bounds };
}

const { intervals } = readGolden<{ intervals: Golden[] }>('tests.json');

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

const figures = {
  mean,
  tau: (x: ArrayLike<number>, y: ArrayLike<number>) => kendallTauB(x, y)?.tau,
  pearson: pearsonCoefficient,
} as const;

/** Deals the golden indices out one by one. */
function dealer(indices: number[][]): Random {
  const flat = indices.flat();
  let at = 0;
  return { ...createRandom(0), integer: () => flat[at++] as number };
}

const optionsOf = ({ statistic, x, y, indices }: Golden) => ({
  items: x.length,
  resamples: indices.length,
  random: dealer(indices),
  statistic: (chosen: Int32Array) =>
    figures[statistic](
      Float64Array.from(chosen, (i) => x[i] as number),
      Float64Array.from(chosen, (i) => y[i] as number),
    ),
});

describe.each(intervals)('the $statistic of $x.length golden pairs', (golden) => {
  test.each([0.95, 0.8] as const)(
    "has SciPy's BCa interval of %d for the same resamples",
    (confidence) => {
      const { BCa, percentile } = golden[`${confidence}`];
      const found = bcaInterval({ ...optionsOf(golden), confidence });
      expect(found?.method).toBe('bca');
      expectClose(found?.low as number, BCa[0], 1e-12);
      expectClose(found?.high as number, BCa[1], 1e-12);
      const plain = bootstrapInterval({ ...optionsOf(golden), confidence });
      expectClose(plain?.low as number, percentile[0], 1e-12);
      expectClose(plain?.high as number, percentile[1], 1e-12);
    },
  );
});

describe('a BCa interval', () => {
  const skewed = Float64Array.from({ length: 30 }, (_, i) => Math.exp(i / 6));
  const over = (values: ArrayLike<number>) => (indices: Int32Array) =>
    mean(Array.from(indices, (i) => values[i] as number));

  test('leans to the long side of a skewed distribution, further than the percentiles', () => {
    const options = { items: 30, statistic: over(skewed), resamples: 2000 };
    const bca = bcaInterval({ ...options, random: createRandom(1) });
    const plain = bootstrapInterval({ ...options, random: createRandom(1) });
    expect(bca?.low).toBeGreaterThan(plain?.low as number);
    expect(bca?.high).toBeGreaterThan(plain?.high as number);
  });

  test('covers the mean of a skewed distribution more often than the percentiles', () => {
    let [bca, plain] = [0, 0];
    for (let seed = 0; seed < 200; seed++) {
      const draw = createRandom(1000 + seed);
      const values = Array.from({ length: 20 }, () => Math.exp(draw.normal()));
      const options = {
        items: 20,
        statistic: over(values),
        resamples: 300,
        random: createRandom(seed),
      };
      const sample = drawBootstrap(options);
      const corrected = intervalOf(sample, 0.9);
      const percentile = bootstrapInterval({
        ...options,
        confidence: 0.9,
        random: createRandom(seed),
      });
      const truth = Math.exp(0.5);
      if (corrected && corrected.low <= truth && truth <= corrected.high) bca++;
      if (percentile && percentile.low <= truth && truth <= percentile.high) plain++;
    }
    expect(bca).toBeGreaterThan(plain);
    expect(bca / 200).toBeGreaterThan(0.75);
  });

  test('is the percentile interval, and says so, where no value varies or no jackknife is defined', () => {
    const random = createRandom(1);
    const constant = bcaInterval({ items: 5, statistic: () => 2, random });
    expect(constant).toEqual({ low: 2, high: 2, method: 'percentile' });
    // Defined for all items and their resamples alone.
    const whole = bcaInterval({
      items: 10,
      statistic: (indices) => (indices.length < 10 ? undefined : over(skewed)(indices)),
      random,
    });
    expect(whole?.method).toBe('percentile');
  });

  test('is the percentile interval where the figure lies beyond all resamples', () => {
    const found = bcaInterval({
      items: 10,
      statistic: (indices) => (new Set(indices).size === 10 ? 9 : mean(indices)),
      random: createRandom(4),
      resamples: 100,
    });
    expect(found?.method).toBe('percentile');
  });

  test('is undefined where the figure is, or nothing can be resampled', () => {
    const random = createRandom(1);
    expect(bcaInterval({ items: 0, statistic: () => 1, random })).toBeUndefined();
    expect(bcaInterval({ items: 5, statistic: () => undefined, random })).toBeUndefined();
    expect(bcaInterval({ items: 5, statistic: () => NaN, random })).toBeUndefined();
  });

  test('leaves out blocks of neighbours where there are many items', () => {
    const values = Float64Array.from({ length: 2500 }, (_, i) => (i % 7) ** 2);
    const lengths = new Set<number>();
    const statistic = (indices: Int32Array) => {
      lengths.add(indices.length);
      return over(values)(indices);
    };
    const { jackknife } = drawBootstrap({
      items: 2500,
      statistic,
      resamples: 1,
      random: createRandom(1),
    });
    expect(jackknife.length).toBe(1000);
    expect([...lengths].sort()).toEqual([2497, 2498, 2500]);
  });

  test('of a difference compares resample by resample', () => {
    const noise = createRandom(3);
    const a = Array.from({ length: 40 }, () => noise.normal());
    const b = a.map((value) => value - 0.1 + 0.01 * noise.normal());
    const sample = (values: number[]) =>
      drawBootstrap({
        items: 40,
        statistic: over(values),
        resamples: 500,
        random: createRandom(5),
      });
    const found = intervalOf(differenceOf(sample(a), sample(b)));
    expect(found?.low).toBeGreaterThan(0.09);
    expect(found?.high).toBeLessThan(0.11);
    const undefinedOne = { ...sample(a), value: undefined };
    expect(intervalOf(differenceOf(sample(a), undefinedOne))).toBeUndefined();
  });
});
