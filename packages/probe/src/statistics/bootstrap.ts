import { FeedprintError } from '@feedprint/core';
import type { Interval, Random } from '@feedprint/core';
import { intervalOf } from './bca.ts';
import type { BootstrapInterval, BootstrapSample } from './bca.ts';
import { definedPart, percentiles } from './quantiles.ts';

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

/** Blocks that the jackknife leaves out in turn: single items up to this many, else blocks of neighbours. */
const mostBlocks = 1000;

/**
 * Percentile bootstrap interval (Efron and Tibshirani 1993, chapter 13). `undefined` when there are no items or fewer
 * than nine in ten resamples define the figure. Throws `config-invalid` for impossible options.
 */
export function bootstrapInterval(options: BootstrapOptions): Interval | undefined {
  const { items, resamples = 1000, confidence = 0.95 } = options;
  assertOptions(resamples, confidence);
  return items === 0 ? undefined : percentiles(resample(options), (1 - confidence) / 2);
}

/** As `bootstrapInterval`, with the resamples that it was read from. */
export function tracedBootstrapInterval(options: BootstrapOptions): Interval | undefined {
  const { items, resamples = 1000, confidence = 0.95 } = options;
  assertOptions(resamples, confidence);
  const resampled = items === 0 ? new Float64Array(0) : resample(options);
  const tail = (1 - confidence) / 2;
  const bounds = percentiles(resampled, tail);
  const values = Array.from(definedPart(resampled));
  return bounds && { ...bounds, bootstrap: { levels: [tail, 1 - tail], values } };
}

/**
 * Bias-corrected and accelerated bootstrap interval (BCa; Efron 1987), with the acceleration from the jackknife; the
 * percentile interval where that is not defined, as its `method` says. `undefined` when there are no items, they do not
 * define the figure, or fewer than nine in ten resamples do. Throws `config-invalid` for impossible options.
 */
export function bcaInterval(options: BootstrapOptions): BootstrapInterval | undefined {
  assertOptions(options.resamples ?? 1000, options.confidence ?? 0.95);
  return intervalOf(drawBootstrap(options), options.confidence);
}

/** The resamples and the jackknife behind `bcaInterval`, kept to be compared with those of another figure. */
export function drawBootstrap(options: BootstrapOptions): BootstrapSample {
  const { items, statistic, resamples = 1000, confidence = 0.95 } = options;
  assertOptions(resamples, confidence);
  const value = statistic(Int32Array.from({ length: items }, (_, i) => i));
  if (items === 0 || value === undefined || Number.isNaN(value)) {
    const none = new Float64Array(0);
    return { value: undefined, resampled: none, jackknife: none };
  }
  return { value, resampled: resample(options), jackknife: jackknife(items, statistic) };
}

function resample({ items, statistic, resamples = 1000, random }: BootstrapOptions): Float64Array {
  const indices = new Int32Array(items);
  return new Float64Array(resamples).map(() => {
    for (let i = 0; i < items; i++) indices[i] = random.integer(items);
    return statistic(indices) ?? NaN;
  });
}

function jackknife(items: number, statistic: BootstrapOptions['statistic']): Float64Array {
  const blocks = Math.min(items, mostBlocks);
  return new Float64Array(blocks).map((_, block) => {
    const start = Math.floor((block * items) / blocks);
    const end = Math.floor(((block + 1) * items) / blocks);
    const left = end - start;
    return (
      statistic(Int32Array.from({ length: items - left }, (_v, i) => (i < start ? i : i + left))) ??
      NaN
    );
  });
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
