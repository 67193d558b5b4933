import { fixed, significant } from '../format.ts';

/** Maps numbers to pixels, with ticks. */
export interface Scale {
  readonly domain: readonly [number, number];
  readonly range: readonly [number, number];
  readonly ticks: readonly number[];
  /** Pixels of a number; numbers outside the domain land on its edge. */
  at(value: number): number;
  format(tick: number): string;
}

export interface ScaleOptions {
  /** Numbers to cover; those that are not finite are left out. */
  readonly values: readonly number[];
  readonly range: readonly [number, number];
  /** About this many ticks. Default 5. */
  readonly ticks?: number;
  /** Share of the extent to leave free at both ends. Default 0. */
  readonly padding?: number;
}

/** Below this, differences have no ticks of their own. */
const SMALLEST = 1e-290;

/** Smallest and largest finite number; a constant or empty list gets room on both sides. */
export function extent(values: readonly number[]): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return [0, 1];
  if (high - low < SMALLEST) {
    const room = Math.abs(low) < SMALLEST ? 1 : Math.abs(low) / 2;
    return [low - room, high + room];
  }
  return [low, high];
}

/** Numbers with zero, and with one where all are zero, for scales that start at zero. */
export function withZero(values: readonly number[]): number[] {
  return values.some((value) => value !== 0) ? [0, ...values] : [0, 1];
}

function tickStep(span: number, count: number): number {
  const rough = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const unit = rough / power;
  return power * (unit < 1.5 ? 1 : unit < 3.5 ? 2 : unit < 7.5 ? 5 : 10);
}

const clamp = (value: number, a: number, b: number): number =>
  Math.min(Math.max(value, Math.min(a, b)), Math.max(a, b));

/** A linear scale with ticks at 1, 2 and 5 times powers of ten. */
export function linearScale({ values, range, ticks = 5, padding = 0 }: ScaleOptions): Scale {
  let [low, high] = extent(values);
  const room = (high - low) * padding;
  low -= room;
  high += room;
  const step = tickStep(high - low, ticks);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const digits = Math.max(0, Math.min(12, -Math.floor(Math.log10(step) + 1e-9)));
  return {
    domain: [low, high],
    range,
    ticks: Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step),
    at: (value) =>
      range[0] + ((clamp(value, low, high) - low) / (high - low)) * (range[1] - range[0]),
    format: (tick) => fixed(tick, digits),
  };
}

/** A logarithmic scale with ticks at powers of ten, or at 1, 2 and 5 times them where few fit. Numbers must be positive. */
export function logScale({ values, range, padding = 0 }: ScaleOptions): Scale {
  let [low, high] = extent(values.filter((value) => value > 0).map(Math.log10));
  const room = (high - low) * padding;
  low -= room;
  high += room;
  const powers = Array.from(
    { length: Math.max(0, Math.ceil(high) - Math.floor(low) + 1) },
    (_, i) => 10 ** (Math.floor(low) + i),
  );
  const inside = (tick: number): boolean => Math.log10(tick) >= low && Math.log10(tick) <= high;
  const coarse = powers.filter(inside);
  const fine = powers.flatMap((power) => [power, 2 * power, 5 * power]).filter(inside);
  return {
    domain: [10 ** low, 10 ** high],
    range,
    ticks: coarse.length >= 2 ? coarse : fine,
    at: (value) => {
      const exponent = value > 0 ? clamp(Math.log10(value), low, high) : low;
      return range[0] + ((exponent - low) / (high - low)) * (range[1] - range[0]);
    },
    format: significant,
  };
}
