import { median } from '../statistics/quantiles.ts';

/** A figure of several pairs of models. */
export interface Spread {
  /** Number of pairs that have the figure. */
  readonly n: number;
  readonly median: number;
  readonly high: number;
  readonly low: number;
  /** The pair with the lowest figure: the first of them. */
  readonly worst: string;
}

/** How a figure of which more is better is spread over pairs; `null` if none has it. */
export function spreadOf(
  figures: readonly { readonly pair: string; readonly value: number | null }[],
): Spread | null {
  const known = figures.flatMap(({ pair, value }) => (value === null ? [] : [{ pair, value }]));
  const [first, ...rest] = known;
  if (!first) return null;
  const worst = rest.reduce((low, one) => (one.value < low.value ? one : low), first);
  const values = known.map(({ value }) => value);
  return {
    n: known.length,
    median: median(values) as number,
    high: Math.max(...values),
    low: worst.value,
    worst: worst.pair,
  };
}
