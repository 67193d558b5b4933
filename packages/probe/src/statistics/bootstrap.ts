import { FeedprintError } from '@feedprint/core';
import type { Random } from '@feedprint/core';
import { intervalOf } from './bca.ts';
import type { BootstrapInterval, BootstrapSample } from './bca.ts';
import type { Interval } from './interval.ts';
import { definedPart, percentiles } from './quantiles.ts';

export interface BootstrapOptions {
  /** Number of items to resample. */
  readonly items: number;
  /**
   * The figure over the items at `indices` (with repeats), or `undefined` if they do not define it. `indices` is reused
   * for the next resample: copy it to keep it.
   */
  readonly statistic: (indices: Int32Array) => number | undefined;
  /** Default 1000. */
  readonly resamples?: number;
  /** Share of the distribution between the bounds, in (0, 1). Default 0.95. */
  readonly confidence?: number;
  readonly random: Random;
}

/** Number of blocks that the jackknife leaves out in turn: single items up to this many, else blocks of neighbours. */
const mostBlocks = 1000;

/**
 * Percentile bootstrap interval (Efron and Tibshirani 1993, chapter 13). `undefined` if there are fewer than two items or fewer
 * than nine in ten resamples define the figure. Throws `config-invalid` for impossible options.
 */
export function bootstrapInterval(options: BootstrapOptions): Interval | undefined {
  const { confidence = 0.95 } = options;
  return percentiles(resampled(options), (1 - confidence) / 2);
}

/** Like `bootstrapInterval`, with the resamples that it was read from. */
export function tracedBootstrapInterval(options: BootstrapOptions): Interval | undefined {
  const drawn = resampled(options);
  const tail = (1 - (options.confidence ?? 0.95)) / 2;
  const bounds = percentiles(drawn, tail);
  const values = Array.from(definedPart(drawn));
  return bounds && { ...bounds, bootstrap: { levels: [tail, 1 - tail], values } };
}

/** The figure over each resample; empty for fewer than two items, which say nothing of how they vary. */
function resampled(options: BootstrapOptions): Float64Array {
  const { items, statistic, resamples = 1000, confidence = 0.95 } = options;
  assertOptions(resamples, confidence);
  const figure = (indices: Int32Array) => ({ figure: statistic(indices) });
  const count = resamplesOf(items, resamples);
  return collect(['figure'], figure, count, resampler(options)).figure;
}

/**
 * Bias-corrected and accelerated bootstrap interval (BCa; Efron 1987), with the acceleration from the jackknife; the
 * percentile interval where that is undefined, as its `method` says. `undefined` if there are fewer than two items, they do not
 * define the figure, or fewer than nine in ten resamples do. Throws `config-invalid` for impossible options.
 */
export function bcaInterval(options: BootstrapOptions): BootstrapInterval | undefined {
  assertOptions(options.resamples ?? 1000, options.confidence ?? 0.95);
  return intervalOf(drawBootstrap(options), options.confidence);
}

/** The resamples and the jackknife behind `bcaInterval`, kept for comparison with those of another figure. */
export const drawBootstrap = ({ statistic, ...options }: BootstrapOptions): BootstrapSample =>
  drawBootstraps(['figure'], (indices) => ({ figure: statistic(indices) }), options).figure;

/** Like `drawBootstrap`, for several figures at once over the same resamples. */
export function drawBootstraps<Name extends string>(
  names: readonly Name[],
  figures: (indices: Int32Array) => Readonly<Record<Name, number | undefined>>,
  options: Omit<BootstrapOptions, 'statistic'>,
): Record<Name, BootstrapSample> {
  const { items, resamples = 1000, confidence = 0.95 } = options;
  assertOptions(resamples, confidence);
  const values = figures(Int32Array.from({ length: items }, (_, i) => i));
  const resampled = collect(names, figures, resamplesOf(items, resamples), resampler(options));
  const blocks = Math.min(items, mostBlocks);
  const jackknife = collect(names, figures, blocks, leaver(items, blocks));
  const of = (name: Name): BootstrapSample => {
    const value = values[name];
    if (items > 0 && value !== undefined && !Number.isNaN(value)) {
      return { value, resampled: resampled[name], jackknife: jackknife[name] };
    }
    return { value: undefined, resampled: new Float64Array(0), jackknife: new Float64Array(0) };
  };
  return Object.fromEntries(names.map((name) => [name, of(name)])) as Record<Name, BootstrapSample>;
}

/** One item is the same in every resample. */
const resamplesOf = (items: number, resamples: number): number => (items < 2 ? 0 : resamples);

/** Each figure over `count` lists of indices, NaN where it is undefined. */
function collect<Name extends string>(
  names: readonly Name[],
  figures: (indices: Int32Array) => Readonly<Record<Name, number | undefined>>,
  count: number,
  indicesOf: (place: number) => Int32Array,
): Record<Name, Float64Array> {
  const lists = Object.fromEntries(names.map((name) => [name, new Float64Array(count)])) as Record<
    Name,
    Float64Array
  >;
  for (let place = 0; place < count; place++) {
    const found = figures(indicesOf(place));
    for (const name of names) lists[name][place] = found[name] ?? NaN;
  }
  return lists;
}

/** Items drawn with repeats; the list is reused. */
function resampler({ items, random }: Pick<BootstrapOptions, 'items' | 'random'>) {
  const indices = new Int32Array(items);
  return (): Int32Array => {
    for (let i = 0; i < items; i++) indices[i] = random.integer(items);
    return indices;
  };
}

/** All items but those of one block. */
const leaver =
  (items: number, blocks: number) =>
  (block: number): Int32Array => {
    const start = Math.floor((block * items) / blocks);
    const left = Math.floor(((block + 1) * items) / blocks) - start;
    return Int32Array.from({ length: items - left }, (_, i) => (i < start ? i : i + left));
  };

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
      remedy: 'pass a number between 0 and 1, such as 0.95',
    });
  }
}
