import { takeRows } from '@feedprint/core';
import type { Matrix, Probe } from '@feedprint/core';
import { assertRows } from './cross-predict.ts';
import type { Fold } from './folds.ts';
import { isConstant } from './statistics/checks.ts';
import type { Interval } from './statistics/interval.ts';

export interface CrossEstimation {
  /** `[rows, columns]` */
  readonly x: Matrix;
  /** One target per row. */
  readonly y: ArrayLike<number>;
  /** Each row's group, from 0: a word. Figures are per group, over the means of its rows. */
  readonly groups: ArrayLike<number>;
  /**
   * Number of groups that get a figure, some of which may have no row; groups from this number on only serve as
   * training data.
   */
  readonly groupCount: number;
  /** Folds; no group is tested twice. */
  readonly folds: readonly Fold[];
  readonly makeProbe: () => Probe;
  /** Share of targets that the intervals aim to contain, in (0, 1). Default 0.95. */
  readonly confidence?: number;
}

/** A figure per group. */
export interface CrossEstimate {
  /** Predicted deviation from the mean target, by a probe that never saw the group; NaN for a group without rows. */
  readonly estimates: Float64Array;
  /** `null` if there are too few other groups for the confidence (fewer than 19 for 0.95). */
  readonly intervals: readonly (Interval | null)[];
}

/**
 * Predicts each group by a probe fitted on the folds without it, with CV+ intervals: probes that leave out a second
 * fold as well give the residuals of that fold's groups and, for each, another prediction of the group. In the long
 * run, an interval contains the target of a group like the others with the given confidence; the guarantee is 1 - 2 (1
 * - confidence). Source: Barber, Candes, Ramdas and Tibshirani, "Predictive inference with the jackknife+" (2021),
 *   section 3.
 *
 * Targets and predictions are deviations from the mean of what a probe was fitted on: folds that leave out high targets
 * have low training means, so that raw predictions of a probe that knows nothing would be anticorrelated with the
 * targets. From targets that are all equal nothing is learned: every deviation is 0. Throws what `crossPredict` throws.
 */
export function crossEstimate(options: CrossEstimation): CrossEstimate {
  const { x, y, groups, groupCount, folds, confidence = 0.95 } = options;
  assertRows(x, y, groups);
  const foldOf = new Int32Array(x.rows);
  folds.forEach(({ test }, f) => test.forEach((row) => (foldOf[row] = f)));
  const without = (a: number, b: number) =>
    fitted(
      options,
      Int32Array.from(foldOf.keys()).filter((row) => foldOf[row] !== a && foldOf[row] !== b),
    );
  const testOf = (fold: number): Int32Array => (folds[fold] as Fold).test;

  // sides[a][b]: the groups of fold a, predicted by the probe that saw neither a nor b.
  const sides: Side[][] = folds.map(() => []);
  for (let a = 0; a < folds.length; a++) {
    for (let b = 0; b < a; b++) {
      const { predict, targetsOf } = without(a, b);
      const side = (rows: Int32Array): Side => {
        const predicted = meansByGroup(rows, predict(rows), groups);
        const targets = meansByGroup(rows, targetsOf(rows), groups);
        const residuals = [...predicted].map(([group, value]) =>
          Math.abs((targets.get(group) as number) - value),
        );
        return { predicted, residuals };
      };
      (sides[a] as Side[])[b] = side(testOf(a));
      (sides[b] as Side[])[a] = side(testOf(b));
    }
  }

  const estimates = new Float64Array(groupCount).fill(NaN);
  const intervals = new Array<Interval | null>(groupCount).fill(null);
  folds.forEach(({ test }, a) => {
    for (const [group, value] of meansByGroup(test, without(a, a).predict(test), groups)) {
      if (group >= groupCount) continue;
      estimates[group] = value;
      const others = (sides[a] as Side[]).flatMap(({ predicted }, b) => {
        const center = predicted.get(group) as number;
        return (sides[b]?.[a] as Side).residuals.map((residual) => ({ center, residual }));
      });
      intervals[group] = intervalOf(others, confidence);
    }
  });
  return { estimates, intervals };
}

interface Side {
  readonly predicted: GroupMeans;
  /** Distance of each group's prediction from its target. */
  readonly residuals: readonly number[];
}

interface Other {
  /** Prediction for the group in question by the probe that did not see the other group either. */
  readonly center: number;
  /** That probe's error on the other group. */
  readonly residual: number;
}

function intervalOf(others: readonly Other[], confidence: number): Interval | null {
  const n = others.length + 1;
  const low = orderStatistic(
    others.map(({ center, residual }) => center - residual),
    Math.floor((1 - confidence) * n + 1e-9),
  );
  const high = orderStatistic(
    others.map(({ center, residual }) => center + residual),
    Math.ceil(confidence * n - 1e-9),
  );
  return low === undefined || high === undefined ? null : { low, high };
}

type GroupMeans = ReadonlyMap<number, number>;

function meansByGroup(
  rows: Int32Array,
  values: Float64Array,
  groups: ArrayLike<number>,
): GroupMeans {
  const sums = new Map<number, { sum: number; n: number }>();
  rows.forEach((row, i) => {
    const group = groups[row] as number;
    const { sum, n } = sums.get(group) ?? { sum: 0, n: 0 };
    sums.set(group, { sum: sum + (values[i] as number), n: n + 1 });
  });
  return new Map([...sums].map(([group, { sum, n }]) => [group, sum / n]));
}

/** A probe on the rows' deviations from their mean target. */
function fitted({ x, y, makeProbe }: CrossEstimation, rows: Int32Array) {
  const targets = Float64Array.from(rows, (row) => y[row] as number);
  const mean = targets.reduce((sum, value) => sum + value, 0) / targets.length;
  const constant = isConstant(targets);
  const probe = makeProbe();
  if (!constant)
    probe.fit(
      takeRows(x, rows),
      targets.map((value) => value - mean),
    );
  return {
    predict: (of: Int32Array): Float64Array =>
      constant ? new Float64Array(of.length) : probe.predict(takeRows(x, of)),
    targetsOf: (of: Int32Array): Float64Array =>
      Float64Array.from(of, (row) => (y[row] as number) - mean),
  };
}

/** The `rank`-th smallest, from 1; `undefined` beyond both ends. */
const orderStatistic = (values: readonly number[], rank: number): number | undefined =>
  Float64Array.from(values).sort()[rank - 1];
