import type { Fold } from '../folds.ts';
import type { Design } from './design.ts';
import { predictDifferences } from './difference-ridge.ts';

export interface OutOfFoldOptions {
  readonly x: Design;
  readonly folds: readonly Fold[];
  /** Penalties to choose from. */
  readonly penalties: readonly number[];
  /** Fits the rows `train` of `x`, already taken, from `start`. */
  readonly fit: (
    x: Design,
    options: { readonly train: Int32Array; readonly l2: number; readonly start: Float64Array },
  ) => Float64Array;
  /** What the predictions of all rows cost; the penalty of least loss is chosen. */
  readonly loss: (predictions: Float64Array) => number;
}

export interface OutOfFold {
  /** Of each row, by weights fitted without its fold. */
  readonly predictions: Float64Array;
  readonly l2: number;
  readonly loss: number;
}

/** Predicts every row from the other folds, under the penalty whose predictions lose least. */
export function outOfFold({ x, folds, penalties, fit, loss }: OutOfFoldOptions): OutOfFold {
  const parts = folds.map(({ train, test }) => ({
    train,
    test,
    seen: x.take(train),
    unseen: x.take(test),
    start: new Float64Array(x.columns) as Float64Array,
  }));
  // From strong to weak: each fit begins where the one before, which is near, ended.
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
