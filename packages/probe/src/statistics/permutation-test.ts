import { assertFinite, FeedprintError } from '@feedprint/core';
import type { Random } from '@feedprint/core';
import { assertPaired } from './checks.ts';
import { choices, orders, signs } from './rearrangements.ts';

export interface PermutationOptions {
  readonly random: Random;
  /** Rearrangements to draw; if there are no more than this many, each is tried once. Default 9999. */
  readonly draws?: number;
}

export interface PermutationTest {
  /** The figure as observed. */
  readonly statistic: number;
  /** Two-sided: twice the smaller of the one-sided ones, at most 1. */
  readonly p: number;
  /** One-sided: of a figure at least as large. */
  readonly pGreater: number;
  /** One-sided: of a figure at most as large. */
  readonly pLess: number;
  /**
   * Whether every rearrangement was tried: p is then the share of those at least as extreme, otherwise (1 + count) / (1
   * + draws).
   */
  readonly exact: boolean;
  /** Number of rearrangements tried. */
  readonly draws: number;
}

/**
 * Whether two samples differ in their mean (`a` minus `b`), by reshuffling their values. `undefined` if a sample is
 * empty or the two together have fewer than 3 values. Throws `numbers-invalid` for numbers that are not finite. Source:
 * Phipson and Smyth (2010) for the p-value of drawn rearrangements; as `scipy.stats.permutation_test`.
 */
export function meanDifferenceTest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: PermutationOptions,
): PermutationTest | undefined {
  assertFinite(a, 'the first sample');
  assertFinite(b, 'the second sample');
  const n = a.length + b.length;
  if (a.length === 0 || b.length === 0 || n < 3) return undefined;
  const values = Float64Array.of(...Array.from(a), ...Array.from(b));
  const total = values.reduce((sum, value) => sum + value, 0);
  return permutationTest({
    ...options,
    rearrangements: choices(n, a.length),
    draw: (random) => random.shuffle(Int32Array.from(values, (_, i) => i)),
    statistic: (order) => {
      let sum = 0;
      for (let i = 0; i < a.length; i++) sum += values[order[i] as number] as number;
      return sum / a.length - (total - sum) / b.length;
    },
    observed: Int32Array.from(values, (_, i) => i),
    scale: largest(values),
  });
}

/**
 * Whether the mean of the differences `a[i] - b[i]` differs from 0, by flipping signs. `undefined` for fewer than 3
 * pairs. Throws what `meanDifferenceTest` throws, and `shape-mismatch` for lists of unequal length.
 */
export function pairedDifferenceTest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: PermutationOptions,
): PermutationTest | undefined {
  assertPaired(a, b, ['the first sample', 'the second sample']);
  if (a.length < 3) return undefined;
  const differences = Float64Array.from(a, (value, i) => value - (b[i] as number));
  return permutationTest({
    ...options,
    rearrangements: signs(a.length),
    draw: (random) => Int32Array.from(differences, () => (random.next() < 0.5 ? -1 : 1)),
    statistic: (turns) =>
      differences.reduce((sum, value, i) => sum + value * (turns[i] as number), 0) /
      differences.length,
    observed: Int32Array.from(differences, () => 1),
    scale: largest(differences),
  });
}

/**
 * Whether `coefficient` of the pairs differs from what it is when `y` is shuffled. `undefined` if the pairs do not
 * define the coefficient. Throws what `pairedDifferenceTest` throws.
 */
export function correlationTest(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  coefficient: (x: ArrayLike<number>, y: ArrayLike<number>) => number | undefined,
  options: PermutationOptions,
): PermutationTest | undefined {
  assertPaired(x, y, ['x', 'y']);
  const observed = Int32Array.from({ length: y.length }, (_, i) => i);
  if (coefficient(x, y) === undefined) return undefined;
  return permutationTest({
    ...options,
    rearrangements: orders(y.length),
    draw: (random) => random.shuffle(observed.slice()),
    // If it is defined, it stays so: y keeps its values.
    statistic: (order) =>
      coefficient(
        x,
        Float64Array.from(order, (i) => y[i] as number),
      ) as number,
    observed,
    scale: 1,
  });
}

interface Rearranging extends PermutationOptions {
  /** The number of rearrangements, and each of them once. */
  readonly rearrangements: { readonly count: number; readonly each: () => Iterable<Int32Array> };
  readonly draw: (random: Random) => Int32Array;
  readonly statistic: (rearrangement: Int32Array) => number;
  readonly observed: Int32Array;
  /** Size of the numbers that the statistic sums. */
  readonly scale: number;
}

const largest = (values: Float64Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

function permutationTest(options: Rearranging): PermutationTest {
  const { rearrangements, draw, statistic, observed, random, scale, draws = 9999 } = options;
  if (!Number.isInteger(draws) || draws < 1) {
    throw new FeedprintError({
      code: 'config-invalid',
      message: `a permutation test got ${draws} draws`,
      remedy: 'ask for a whole number of at least 1',
    });
  }
  const value = statistic(observed);
  // Sums in another order may differ in their last bits; these count as equal.
  const slack = 1e-13 * scale;
  const exact = rearrangements.count <= draws;
  let [greater, less, tried] = [0, 0, 0];
  const tally = (rearrangement: Int32Array): void => {
    const other = statistic(rearrangement);
    if (other >= value - slack) greater++;
    if (other <= value + slack) less++;
    tried++;
  };
  if (exact) for (const rearrangement of rearrangements.each()) tally(rearrangement);
  else for (let i = 0; i < draws; i++) tally(draw(random));
  const share = (count: number): number => (exact ? count / tried : (1 + count) / (1 + tried));
  const [pGreater, pLess] = [share(greater), share(less)];
  return {
    statistic: value,
    p: Math.min(1, 2 * Math.min(pGreater, pLess)),
    pGreater,
    pLess,
    exact,
    draws: tried,
  };
}
