/** How well numbers foretell others, but for one positive or negative factor common to all of them. */
export interface PredictionFit {
  /** Share of the sum of squares that is explained. */
  readonly r2: number;
  /** What the foretold numbers are multiplied by. */
  readonly factor: number;
  readonly n: number;
}

/**
 * Least squares through the origin of `found` on `foretold`. A property at 0 that was foretold to be at 0 counts as right.
 * Null where either does not vary from 0.
 */
export function predictionFit(
  foretold: ArrayLike<number>,
  found: ArrayLike<number>,
): PredictionFit | null {
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = 0; i < found.length; i++) {
    const [x, y] = [foretold[i] as number, found[i] as number];
    xx += x * x;
    xy += x * y;
    yy += y * y;
  }
  if (!(xx > 0) || !(yy > 0)) return null;
  return { r2: (xy * xy) / (xx * yy), factor: xy / xx, n: found.length };
}
