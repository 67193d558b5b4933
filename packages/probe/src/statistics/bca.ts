import type { Interval } from './interval.ts';
import { normalCdf, normalQuantile } from './normal.ts';
import { definedPart, mostlyDefined, quantileOfSorted } from './quantiles.ts';

/** A figure over all items, over resamples of them, and with blocks of them left out. */
export interface BootstrapSample {
  /** `undefined` if the items do not define it. */
  readonly value: number | undefined;
  /** `[resamples]`; NaN if a resample does not define it. */
  readonly resampled: Float64Array;
  /** The figure without each block of items; NaN if the rest does not define it. */
  readonly jackknife: Float64Array;
}

export interface BootstrapInterval extends Interval {
  /** `percentile` if the bias correction or the acceleration is undefined. */
  readonly method: 'bca' | 'percentile';
}

/** The interval of a figure that was bootstrapped; `undefined` in the same cases as `bcaInterval`. */
export function intervalOf(
  sample: BootstrapSample,
  confidence = 0.95,
): BootstrapInterval | undefined {
  const levels = levelsOf(sample, confidence);
  return levels && boundsAt(levels, sample);
}

/** The interval with the resamples that it was read from. */
export function tracedInterval(
  sample: BootstrapSample,
  confidence = 0.95,
): BootstrapInterval | undefined {
  const levels = levelsOf(sample, confidence);
  if (!levels) return undefined;
  const values = Array.from(definedPart(sample.resampled));
  return { ...boundsAt(levels, sample), bootstrap: { levels: levels.at, values } };
}

function boundsAt({ at, method }: Levels, { resampled }: BootstrapSample): BootstrapInterval {
  const sorted = definedPart(resampled).sort();
  const [low, high] = at.map((level) => quantileOfSorted(sorted, level)) as [number, number];
  return { low, high, method };
}

interface Levels {
  readonly at: readonly [number, number];
  readonly method: BootstrapInterval['method'];
}

/** Which quantiles of the resamples bound the interval. */
function levelsOf(
  { value, resampled, jackknife }: BootstrapSample,
  confidence: number,
): Levels | undefined {
  if (value === undefined || !mostlyDefined(resampled)) return undefined;
  const tail = (1 - confidence) / 2;
  const plain: Levels = { at: [tail, 1 - tail], method: 'percentile' };
  const bias = normalQuantile(shareBelow(resampled, value));
  const acceleration = accelerationOf(jackknife);
  if (!Number.isFinite(bias) || acceleration === undefined) return plain;
  const level = (share: number): number => {
    const z = bias + normalQuantile(share);
    return normalCdf(bias + z / (1 - acceleration * z));
  };
  const [low, high] = [level(tail), level(1 - tail)];
  // An acceleration so large that it reverses the corrected quantiles is not used.
  return low <= high ? { at: [low, high], method: 'bca' } : plain;
}

/** The difference of two figures over the same items, resample by resample. */
export function differenceOf(a: BootstrapSample, b: BootstrapSample): BootstrapSample {
  const minus = (x: Float64Array, y: Float64Array): Float64Array =>
    x.map((value, i) => value - (y[i] as number));
  return {
    value: a.value === undefined || b.value === undefined ? undefined : a.value - b.value,
    resampled: minus(a.resampled, b.resampled),
    jackknife: minus(a.jackknife, b.jackknife),
  };
}

/** Share of the defined resamples that lie below the value, those equal to it counting half. */
function shareBelow(resampled: Float64Array, value: number): number {
  let [count, n] = [0, 0];
  for (const other of resampled) {
    if (Number.isNaN(other)) continue;
    n++;
    count += other < value ? 1 : other === value ? 0.5 : 0;
  }
  return count / n;
}

/** sum d^3 / (6 (sum d^2)^1.5) of the jackknife's deviations d from their mean; `undefined` if that is undefined. */
function accelerationOf(jackknife: Float64Array): number | undefined {
  const mean = jackknife.reduce((sum, value) => sum + value, 0) / jackknife.length;
  let [squares, cubes] = [0, 0];
  for (const value of jackknife) {
    const deviation = mean - value;
    squares += deviation ** 2;
    cubes += deviation ** 3;
  }
  return squares > 0 ? cubes / (6 * squares ** 1.5) : undefined;
}
