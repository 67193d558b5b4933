import { normalQuantile } from '@feedprint/probe';

/** A mean with its normal 95 % interval. */
export function meanOf(values: readonly number[]) {
  const { mean, square } = moments(values);
  return values.length === 0 ? null : { value: mean, interval: around(mean, square) };
}

/** The difference of two means with its normal 95 % interval; null where one of them is of nothing. */
export function differenceOf(a: readonly number[], b: readonly number[]) {
  if (a.length === 0 || b.length === 0) return null;
  const [first, second] = [moments(a), moments(b)];
  const value = first.mean - second.mean;
  return { value, interval: around(value, first.square + second.square) };
}

/** Mean, and the square of its standard error. */
function moments(values: readonly number[]): { readonly mean: number; readonly square: number } {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return { mean, square: variance / n };
}

function around(value: number, square: number) {
  const reach = normalQuantile(0.975) * Math.sqrt(square);
  return Number.isFinite(reach) ? { low: value - reach, high: value + reach } : null;
}
