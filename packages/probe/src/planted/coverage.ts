import { matrix, row } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { impliedReward } from '../implied-reward.ts';
import type { ExpectedCounts } from '../implied-reward.ts';
import { rateOf } from './rate.ts';
import type { Rate } from './rate.ts';
import { normalQuantile } from '../statistics/normal.ts';

/** An estimate and what its interval is made of. */
export interface Estimated {
  readonly estimate: number;
  readonly standardError: number;
}

/** How often two independent estimates of the same number agree within the 95 % interval of their difference, and how far apart they are. */
export interface Coverage {
  readonly covered: Rate;
  /** Root mean square of the differences, in the estimates' unit; `null` for no estimates. */
  readonly difference: number | null;
  /** The same as the standard errors expect it. */
  readonly expected: number | null;
}

/**
 * Whether estimates that should be equal differ by more than their standard errors allow: 95 % of the differences lie within 1.96 of their standard
 * errors if these say all there is to say. Pairs that are not finite are left out.
 */
export function coverageOf(pairs: readonly (readonly [Estimated, Estimated])[]): Coverage {
  const known = pairs
    .map(([a, b]) => ({
      difference: a.estimate - b.estimate,
      variance: a.standardError ** 2 + b.standardError ** 2,
    }))
    .filter(({ difference, variance }) => Number.isFinite(difference) && variance > 0);
  const reach = normalQuantile(0.975);
  const covered = known.filter(
    ({ difference, variance }) => Math.abs(difference) <= reach * Math.sqrt(variance),
  );
  const rootMean = (values: readonly number[]): number | null =>
    values.length === 0
      ? null
      : Math.sqrt(values.reduce((sum, value) => sum + value, 0) / values.length);
  return {
    covered: rateOf(covered.length, known.length),
    difference: rootMean(known.map(({ difference }) => difference ** 2)),
    expected: rootMean(known.map(({ variance }) => variance)),
  };
}

/** Coverage between the even and the odd texts: what the intervals of log-ratios say of other texts. `counts` `[texts, words]`. */
export function coverageOfHalves({ base, tuned }: ExpectedCounts): Coverage {
  const half = (first: number): Estimated[] =>
    impliedReward({ base: everySecond(base, first), tuned: everySecond(tuned, first) });
  const odd = half(1);
  return coverageOf(half(0).map((even, w) => [even, odd[w] as Estimated]));
}

function everySecond(counts: Matrix, first: number): Matrix {
  const half = matrix(Math.floor((counts.rows - first + 1) / 2), counts.columns);
  for (let r = 0; r < half.rows; r++) row(half, r).set(row(counts, 2 * r + first));
  return half;
}
