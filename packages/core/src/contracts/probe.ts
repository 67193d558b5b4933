import type { Matrix } from '../matrix.ts';

/** A fitted or unfitted map from features to a number per row. */
export interface Probe {
  readonly name: string;
  /** `x` `[rows, columns]`, `y` one target per row. Throws `numbers-invalid` for a constant or empty target. */
  fit(x: Matrix, y: ArrayLike<number>): void;
  /** One prediction per row. */
  predict(x: Matrix): Float64Array;
  /** One weight per column of the fitted `x`: change of the prediction per standard deviation of the column. */
  readonly weights: Float64Array;
  toJSON(): unknown;
}
