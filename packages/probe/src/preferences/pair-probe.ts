import type { Matrix } from '@feedprint/core';
import type { Fold } from '../folds.ts';
import { fitBradleyTerry, logLoss } from './bradley-terry.ts';
import { denseDesign } from './design.ts';
import { outOfFold } from './out-of-fold.ts';

/** Penalties on standardised differences that the probe chooses from, by the loss on held-out folds. */
const PENALTIES = [30, 300, 3000];

/** Relative improvement of the loss at which fitting stops: scores are then off by about a thousandth. */
const GAIN = 1e-7;

export interface PairProbeOptions {
  /** Features of each pair's chosen reply minus those of the rejected one, `[pairs, features]`. */
  readonly difference: Matrix;
  readonly folds: readonly Fold[];
  /** +1 where the label prefers the chosen reply, -1 where it prefers the rejected one. Default: all +1. */
  readonly signs?: Float64Array;
}

/**
 * How strongly a probe that has not seen a pair's prompt prefers its chosen reply, in log-odds (nats), one per pair: a
 * Bradley-Terry model on the differences of the replies' features, each divided by its root mean square.
 */
export function pairProbeScores({ difference, folds, signs }: PairProbeOptions): Float64Array {
  const side = signs ?? new Float64Array(difference.rows).fill(1);
  const of = (rows: Int32Array): Float64Array => Float64Array.from(rows, (i) => side[i] as number);
  return outOfFold({
    x: denseDesign(difference, rootMeanSquares(difference)),
    folds,
    penalties: PENALTIES,
    fit: (x, { train, l2, start }) =>
      fitBradleyTerry(x, { l2, start, signs: of(train), leastGain: GAIN }),
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
