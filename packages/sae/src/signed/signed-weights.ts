import type { Matrix, Random } from '@feedprint/core';
import { row } from '@feedprint/core';

/**
 * Weights of a signed SAE of differences: z = wEnc x, of which the largest by size are kept, with their signs, and
 * x̂ = z wDec. Without biases, the code of -x is exactly -z.
 */
export interface SignedWeights {
  /** Number of features, M. */
  readonly features: number;
  readonly width: number;
  /** `[features, width]`, row-major. */
  readonly wEnc: Float64Array;
  /** `[features, width]`, row-major, rows of unit norm. */
  readonly wDec: Float64Array;
}

/** Random directions, the encoder the decoder's transpose. */
export function randomWeights(features: number, width: number, random: Random): SignedWeights {
  const wDec = Float64Array.from({ length: features * width }, () => random.normal());
  normalizeRows(wDec, width);
  return { features, width, wDec, wEnc: wDec.slice() };
}

/** Scales every row to norm 1. */
export function normalizeRows(values: Float64Array, width: number): void {
  for (let from = 0; from < values.length; from += width) {
    const part = values.subarray(from, from + width);
    const norm = Math.hypot(...part);
    if (norm > 0) part.forEach((value, i) => (part[i] = value / norm));
  }
}

/** z of every row, before any is dropped: `[rows, features]`, row-major. */
export function preActivations({ features, width, wEnc }: SignedWeights, x: Matrix): Float64Array {
  const z = new Float64Array(x.rows * features);
  for (let b = 0; b < x.rows; b++) {
    const values = row(x, b);
    for (let j = 0; j < features; j++) {
      let sum = 0;
      for (let i = 0, at = j * width; i < width; i++, at++) {
        sum += (values[i] as number) * (wEnc[at] as number);
      }
      z[b * features + j] = sum;
    }
  }
  return z;
}

/** A size of activation that at most `count` of a batch exceed or equal, ties aside (BatchTopK, Bussmann et al. 2024). */
export function smallestKept(z: Float64Array, count: number): number {
  if (count >= z.length) return 0;
  return Float64Array.from(z, Math.abs).sort()[z.length - count] as number;
}
