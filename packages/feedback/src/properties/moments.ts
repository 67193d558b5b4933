/** What is told of the values of one property. */
export interface PropertyMoments {
  /** NaN where there is none. */
  readonly mean: number;
  /** Standard deviation, with n - 1 in the denominator; NaN for fewer than two values. */
  readonly sd: number;
  /** Share of values other than 0: of replies that have the property. */
  readonly share: number;
  /** Number of values, those that are NaN not counted. */
  readonly n: number;
}

/** Mean, standard deviation and share of weighted values, one after another (West 1979). */
export function createMoments() {
  let [n, weights, mean, squares, having] = [0, 0, 0, 0, 0];
  return {
    add: (value: number, weight = 1): void => {
      if (Number.isNaN(value)) return;
      n++;
      weights += weight;
      const off = value - mean;
      mean += (off * weight) / weights;
      squares += weight * off * (value - mean);
      if (value !== 0) having += weight;
    },
    moments: (): PropertyMoments => ({
      mean: n > 0 ? mean : NaN,
      sd: n > 1 ? Math.sqrt(((squares / weights) * n) / (n - 1)) : NaN,
      share: n > 0 ? having / weights : NaN,
      n,
    }),
  };
}
