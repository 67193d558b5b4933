import { FeedprintError, takeRows } from '@feedprint/core';
import type { Matrix, Probe, Random } from '@feedprint/core';
import { groupKFold } from './folds.ts';

export interface CrossPrediction {
  /** `[rows, columns]` */
  readonly x: Matrix;
  /** One target per row. */
  readonly y: ArrayLike<number>;
  /** Each row's group: a row is never predicted by a probe fitted on rows of its group. */
  readonly groups: ArrayLike<string | number>;
  /** Number of folds. */
  readonly folds: number;
  readonly makeProbe: () => Probe;
  readonly random: Random;
}

/**
 * Predicts each row by a probe fitted on the folds without its group: `[rows]`, in the probe's units. Throws
 * `shape-mismatch` for lists of unequal lengths, and what `groupKFold` and the probe throw.
 */
export function crossPredict(options: CrossPrediction): Float64Array {
  const { x, y, groups, folds, makeProbe, random } = options;
  assertRows(x, y, groups);
  const result = new Float64Array(x.rows);
  for (const { train, test } of groupKFold(groups, folds, random)) {
    const probe = makeProbe();
    probe.fit(
      takeRows(x, train),
      Float64Array.from(train, (i) => y[i] as number),
    );
    const predictions = probe.predict(takeRows(x, test));
    test.forEach((i, k) => (result[i] = predictions[k] as number));
  }
  return result;
}

/** Throws `shape-mismatch` unless every row has a target and a group. */
export function assertRows(
  x: Matrix,
  y: ArrayLike<number>,
  groups: ArrayLike<string | number>,
): void {
  if (y.length === x.rows && groups.length === x.rows) return;
  throw new FeedprintError({
    code: 'shape-mismatch',
    message: `${x.rows} rows came with ${y.length} targets and ${groups.length} groups`,
    remedy: 'pass one target and one group per row',
  });
}
