import { describe, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import { pearsonCoefficient } from '../../src/statistics/correlation.ts';
import {
  correlationTest,
  meanDifferenceTest,
  pairedDifferenceTest,
} from '../../src/statistics/permutation-test.ts';
import { choices, orders, signs } from '../../src/statistics/rearrangements.ts';
import { expectClose, hasCode, readGolden } from '../golden.ts';

interface Golden {
  readonly kind: 'independent' | 'paired' | 'correlation';
  readonly samples: readonly [number[], number[]];
  readonly statistic: number;
  readonly 'two-sided': number;
  readonly greater: number;
  readonly less: number;
}

const { permutations } = readGolden<{ permutations: Golden[] }>('tests.json');

const tests = {
  independent: meanDifferenceTest,
  paired: pairedDifferenceTest,
  correlation: (x: number[], y: number[], options: Parameters<typeof pairedDifferenceTest>[2]) =>
    correlationTest(x, y, pearsonCoefficient, options),
};

describe.each(permutations)('the $kind test of $samples', ({ kind, samples, ...golden }) => {
  const run = (draws: number, seed = 1) =>
    tests[kind](samples[0], samples[1], { random: createRandom(seed), draws });

  test("is SciPy's where every rearrangement is tried", () => {
    const found = run(100_000);
    expect(found?.exact).toBe(true);
    expectClose(found?.statistic as number, golden.statistic, 1e-13);
    expectClose(found?.p as number, golden['two-sided'], 1e-13);
    expectClose(found?.pGreater as number, golden.greater, 1e-13);
    expectClose(found?.pLess as number, golden.less, 1e-13);
  });

  test('comes near to that by drawing, is the same for one seed, and never 0', () => {
    const all = run(100_000)?.draws as number;
    const found = run(Math.min(2000, all - 1));
    expect(found).toMatchObject({ exact: false, draws: Math.min(2000, all - 1) });
    expect(run(Math.min(2000, all - 1))).toEqual(found);
    expect(found?.pGreater).toBeGreaterThanOrEqual(1 / (1 + (found?.draws ?? 0)));
    if (all > 2000) {
      expect(Math.abs((found?.pGreater as number) - golden.greater)).toBeLessThan(0.05);
      expect(Math.abs((found?.pLess as number) - golden.less)).toBeLessThan(0.05);
    }
  });
});

test('a drawn p-value is one more than the count over one more than the draws', () => {
  const a = Array.from({ length: 20 }, (_, i) => 100 + i);
  const b = Array.from({ length: 20 }, (_, i) => i);
  const found = meanDifferenceTest(a, b, { random: createRandom(1), draws: 99 });
  expect(found).toMatchObject({ exact: false, draws: 99, pGreater: 0.01, pLess: 1, p: 0.02 });
});

test('p-values of samples that do not differ are spread evenly', () => {
  const ps = Array.from({ length: 300 }, (_, seed) => {
    const random = createRandom(seed);
    const draw = (): number[] => Array.from({ length: 12 }, () => random.normal());
    return meanDifferenceTest(draw(), draw(), { random, draws: 99 })?.p as number;
  });
  for (const level of [0.1, 0.3, 0.5]) {
    const share = ps.filter((p) => p <= level).length / 300;
    expect(Math.abs(share - level)).toBeLessThan(0.09);
  }
});

describe('where there is nothing to rearrange', () => {
  const random = createRandom(1);

  test('no test is defined', () => {
    expect(meanDifferenceTest([], [1, 2, 3], { random })).toBeUndefined();
    expect(meanDifferenceTest([1], [2], { random })).toBeUndefined();
    expect(pairedDifferenceTest([1, 2], [2, 3], { random })).toBeUndefined();
    expect(correlationTest([1, 1, 1], [1, 2, 3], pearsonCoefficient, { random })).toBeUndefined();
    expect(correlationTest([1, 2], [1, 2], pearsonCoefficient, { random })).toBeUndefined();
  });

  test('equal values differ in no way: p is 1', () => {
    expect(meanDifferenceTest([2, 2], [2, 2], { random })?.p).toBe(1);
    expect(pairedDifferenceTest([0.1, 0.2, 0.3], [0.1, 0.2, 0.3], { random })?.p).toBe(1);
  });

  test('NaN, unequal lengths and impossible options are refused', () => {
    expect(() => meanDifferenceTest([NaN], [1, 2], { random })).toThrow(hasCode('numbers-invalid'));
    expect(() => pairedDifferenceTest([1, 2], [1], { random })).toThrow(hasCode('shape-mismatch'));
    expect(() => pairedDifferenceTest([1, 2, 3], [1, 2, 4], { random, draws: 0 })).toThrow(
      hasCode('config-invalid'),
    );
  });
});

test.each([
  ['choices of 3 from 6', choices(6, 3), 20],
  ['choices of all', choices(4, 4), 1],
  ['signs of 5', signs(5), 32],
  ['orders of 5', orders(5), 120],
  ['orders of 1', orders(1), 1],
])('%s are each given once', (_, { count, each }, wanted) => {
  const all: string[] = [];
  for (const one of each()) all.push(one.join());
  expect(count).toBe(wanted);
  expect(all.length).toBe(wanted);
  expect(new Set(all).size).toBe(wanted);
});
