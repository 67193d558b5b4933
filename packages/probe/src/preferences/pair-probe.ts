import { FeedprintError } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import type { Fold } from '../folds.ts';
import { fitBradleyTerry, logLoss } from './bradley-terry.ts';
import { denseDesign } from './design.ts';
import { outOfFold } from './out-of-fold.ts';

/** Penalties on standardised differences that the probe chooses from, by the loss on folds left out. */
const PENALTIES = [30, 300, 3000];

export interface PairProbeOptions {
  /** Features of each pair's replies, `[pairs, features]` both. */
  readonly chosen: Matrix;
  readonly rejected: Matrix;
  readonly folds: readonly Fold[];
  /** +1 where the label prefers `chosen`, -1 where `rejected`. Default: all +1. */
  readonly signs?: Float64Array;
}

/**
 * How far a probe that has not seen a pair's prompt prefers its chosen reply, in log-odds (nats), one per pair: a Bradley-Terry
 * model on the differences of the replies' features, each divided by its root mean square.
 */
export function pairProbeScores({
  chosen,
  rejected,
  folds,
  signs,
}: PairProbeOptions): Float64Array {
  if (chosen.rows !== rejected.rows || chosen.columns !== rejected.columns) {
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `chosen replies have features [${chosen.rows}, ${chosen.columns}], rejected ones [${rejected.rows}, ${rejected.columns}]`,
      remedy: 'pass one row for each reply of each pair, of the same features',
    });
  }
  const difference: Matrix = {
    rows: chosen.rows,
    columns: chosen.columns,
    data: chosen.data.map((value, i) => value - (rejected.data[i] as number)),
  };
  const side = signs ?? new Float64Array(chosen.rows).fill(1);
  const of = (rows: Int32Array): Float64Array => Float64Array.from(rows, (i) => side[i] as number);
  return outOfFold({
    x: denseDesign(difference, rootMeanSquares(difference)),
    folds,
    penalties: PENALTIES,
    fit: (x, { train, l2, start }) => fitBradleyTerry(x, { l2, start, signs: of(train) }),
    loss: (scores) => logLoss(scores, side),
  }).predictions;
}

function rootMeanSquares({ rows, columns, data }: Matrix): Float64Array {
  const squares = new Float64Array(columns);
  data.forEach(
    (value, i) => (squares[i % columns] = (squares[i % columns] as number) + value ** 2),
  );
  return squares.map((sum) => Math.sqrt(sum / rows));
}
