import type { Fold } from '../folds.ts';
import type { Design } from './design.ts';
import { predictDifferences } from './difference-ridge.ts';

export interface OutOfFoldOptions {
  readonly x: Design;
  readonly folds: readonly Fold[];
  /** Penalties to choose from. */
  readonly penalties: readonly number[];
  /** Fits the rows `train` of `x`, already extracted, starting from `start`. */
  readonly fit: (
    x: Design,
    options: { readonly train: Int32Array; readonly l2: number; readonly start: Float64Array },
  ) => Float64Array;
  /** Loss of the predictions of all rows; the penalty with the least loss is chosen. */
  readonly loss: (predictions: Float64Array) => number;
}

export interface OutOfFold {
  /** One per row, from weights fitted without its fold. */
  readonly predictions: Float64Array;
  readonly l2: number;
  readonly loss: number;
}

/** Predicts every row from the other folds, under the penalty whose predictions have the least loss. */
export function outOfFold({ x, folds, penalties, fit, loss }: OutOfFoldOptions): OutOfFold {
  const parts = folds.map(({ train, test }) => ({
    train,
    test,
    seen: x.take(train),
    unseen: x.take(test),
    start: new Float64Array(x.columns) as Float64Array,
  }));
  // From strong to weak: each fit starts where the previous one, which is close, ended.
  const tried = [...penalties]
    .sort((a, b) => b - a)
    .map((l2): OutOfFold => {
      const predictions = new Float64Array(x.rows);
      for (const part of parts) {
        part.start = fit(part.seen, { train: part.train, l2, start: part.start });
        const values = predictDifferences(part.unseen, part.start);
        part.test.forEach((i, k) => (predictions[i] = values[k] as number));
      }
      return { predictions, l2, loss: loss(predictions) };
    });
  return tried.reduce((best, each) => (each.loss < best.loss ? each : best));
}
