import { FeedprintError, matrix, row } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';

/** Each row of `x`, made into a row of another width. Throws `shape-mismatch` where `x` has not as many columns as expected. */
export function mapRows(
  x: Matrix,
  [columns, width]: readonly [number, number],
  fill: (from: Float32Array, to: Float32Array) => void,
): Matrix {
  if (x.columns !== columns) throw mismatch(`rows of ${x.columns} numbers, not ${columns}`);
  const y = matrix(x.rows, width);
  for (let r = 0; r < x.rows; r++) fill(row(x, r), row(y, r));
  return y;
}

/** What does not fit, as the error that every implementation throws. */
export const mismatch = (message: string): FeedprintError =>
  new FeedprintError({ code: 'shape-mismatch', message, remedy: 'pass what fits' });
