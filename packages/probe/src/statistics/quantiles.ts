import { assertFinite } from '@feedprint/core';
import type { Interval } from './interval.ts';

/**
 * The value below which the share `p` of the ascending numbers `sorted` lies, linear between neighbours
 * (Hyndman and Fan's type 7, NumPy's default). `sorted` must not be empty.
 */
export function quantileOfSorted(sorted: Float64Array, p: number): number {
  const position = p * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (high - low) * (position - below);
}

/** The median; `undefined` for no numbers. Throws `numbers-invalid` for numbers that are not finite. */
export function median(values: ArrayLike<number>): number | undefined {
  assertFinite(values, 'the list whose median is wanted');
  if (values.length === 0) return undefined;
  const sorted = new Float64Array(values).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : (sorted[middle - 1] as number) / 2 + upper / 2;
}

/**
 * Median distance from the median, unscaled: times 1.4826, it estimates the standard deviation of a normal
 * distribution. `undefined` for no numbers. Throws `numbers-invalid` for numbers that are not finite.
 */
export function medianAbsoluteDeviation(values: ArrayLike<number>): number | undefined {
  const centre = median(values);
  if (centre === undefined) return undefined;
  return median(Float64Array.from(values, (value) => Math.abs(value - centre)));
}

/** Below this share of resamples that define a figure, those left say too little about the others. */
const leastDefined = 0.9;

/** Whether enough of the values are numbers for these to say something about the others. */
export function mostlyDefined(values: Float64Array): boolean {
  const defined = definedPart(values).length;
  return defined > 0 && defined >= leastDefined * values.length;
}

/**
 * The bounds beyond which a share `tail` of the values lies on each side, NaN left out; `undefined` if more than one in
 * ten is NaN.
 */
export function percentiles(values: Float64Array, tail: number): Interval | undefined {
  if (!mostlyDefined(values)) return undefined;
  const sorted = definedPart(values).sort();
  return { low: quantileOfSorted(sorted, tail), high: quantileOfSorted(sorted, 1 - tail) };
}

/** The values that are not NaN. */
export const definedPart = (values: Float64Array): Float64Array =>
  values.filter((value) => !Number.isNaN(value));
