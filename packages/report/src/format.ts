/** A figure's uncertainty. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Shown where a number is not defined. */
const undefinedNumber = '–';

const minus = (text: string): string => text.replace('-', '−');

/** Fixed digits with a real minus sign; a dash where there is no number. */
export function fixed(value: number | null | undefined, digits = 2): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return undefinedNumber;
  const text = value.toFixed(digits);
  return minus(Number(text) === 0 ? text.replace('-', '') : text);
}

/** As `fixed`, with a plus sign before positive numbers. */
export function signed(value: number | null | undefined, digits = 2): string {
  const text = fixed(value, digits);
  return value !== null && value !== undefined && Number(value.toFixed(digits)) > 0
    ? `+${text}`
    : text;
}

/** A small rate, signed, per 1,000: `+0.42`. */
export const perThousand = (value: number | null | undefined): string =>
  signed(value === null || value === undefined ? value : 1000 * value, 2);

/** Three significant digits: `0.00123`, `12.3`, `1.2e−7`. */
export function significant(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return undefinedNumber;
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 1e-3 || size >= 1e6)
    return minus(value.toExponential(1)).replace('e+', 'e').replace('e-', 'e−');
  return minus(String(Number(value.toPrecision(3))));
}

/** A share of one as a percentage. */
export function percent(value: number | null | undefined, digits = 1): string {
  const text = fixed(value === null || value === undefined ? value : value * 100, digits);
  return text === undefinedNumber ? text : `${text}\u00a0%`;
}

/** `[0.12, 0.34]`, or nothing. */
export function bracketed(interval: Interval | null, digits = 2): string {
  return interval ? `[${fixed(interval.low, digits)}, ${fixed(interval.high, digits)}]` : '';
}

/** A probability: `0.032`, `< 0.001`. */
export function probability(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return undefinedNumber;
  return value < 0.001 ? '< 0.001' : value.toFixed(3);
}

/** `p = 0.032`, `q < 0.001`. */
export function probabilityOf(letter: string, value: number | null | undefined): string {
  const text = probability(value);
  return text.startsWith('<') ? `${letter} ${text}` : `${letter} = ${text}`;
}

/** A whole number with thousands separators. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Seconds as `42 s`, `5 min 07 s`, `2 h 05 min`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number): string => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

/** Arithmetic mean; `null` of nothing. */
export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
