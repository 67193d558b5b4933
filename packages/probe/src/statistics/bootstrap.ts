import { FeedprintError } from '@feedprint/core';
import type { Interval, Random } from '@feedprint/core';
import { quantileOfSorted } from './quantiles.ts';

export interface BootstrapOptions {
  /** How many items there are to resample. */
  readonly items: number;
  /**
   * The figure over the items at `indices` (with repeats), or `undefined` where they do not define it.
   * `indices` is reused for the next resample: copy it to keep it.
   */
  readonly statistic: (indices: Int32Array) => number | undefined;
  /** Default 1000. */
  readonly resamples?: number;
  /** Share of the distribution between the bounds, in (0, 1). Default 0.95. */
  readonly confidence?: number;
  readonly random: Random;
}

/** Below this share of resamples that define the figure, what is left says too little about the others. */
const leastDefined = 0.9;

/**
 * Percentile bootstrap interval (Efron and Tibshirani 1993, chapter 13). `undefined` when there are no items or fewer
 * than nine in ten resamples define the figure. Throws `config-invalid` for impossible options.
 */
export function bootstrapInterval({
  items,
  statistic,
  resamples = 1000,
  confidence = 0.95,
  random,
}: BootstrapOptions): Interval | undefined {
  assertOptions(resamples, confidence);
  if (items === 0) return undefined;
  const indices = new Int32Array(items);
  const values = new Float64Array(resamples);
  let defined = 0;
  for (let resample = 0; resample < resamples; resample++) {
    for (let i = 0; i < items; i++) indices[i] = random.integer(items);
    const value = statistic(indices);
    if (value !== undefined && !Number.isNaN(value)) values[defined++] = value;
  }
  if (defined < leastDefined * resamples) return undefined;
  const sorted = values.subarray(0, defined).sort();
  const tail = (1 - confidence) / 2;
  return { low: quantileOfSorted(sorted, tail), high: quantileOfSorted(sorted, 1 - tail) };
}

function assertOptions(resamples: number, confidence: number): void {
  if (!Number.isInteger(resamples) || resamples < 1) {
    throw new FeedprintError({
      code: 'config-invalid',
      message: `a bootstrap got ${resamples} resamples`,
      remedy: 'ask for a whole number of at least 1',
    });
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw new FeedprintError({
      code: 'config-invalid',
      message: `a bootstrap interval got confidence ${confidence}`,
      remedy: 'pass a number between 0 and 1, as 0.95',
    });
  }
}
