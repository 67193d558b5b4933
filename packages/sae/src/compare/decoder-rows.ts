import { FeedprintError, dot, matrix, norm, row } from '@feedprint/core';
import type { Matrix, SparseAutoencoder } from '@feedprint/core';

/** The decoder rows that have a direction, scaled to length 1 and rounded to f32, for a fast first pass. */
export interface Directions {
  /** `[directions, dIn]` */
  readonly unit: Matrix;
  /** Feature of each direction, ascending. */
  readonly features: Int32Array;
}

export function directionsOf({ weights: { wDec } }: SparseAutoencoder): Directions {
  const lengths = Float64Array.from({ length: wDec.rows }, (_, f) => norm(row(wDec, f)));
  const features = Int32Array.from(lengths.keys()).filter((f) => lengths[f] !== 0);
  const unit = matrix(features.length, wDec.columns);
  features.forEach((feature, i) => {
    const length = lengths[feature] as number;
    if (!Number.isFinite(length)) throw notFinite(feature);
    const [from, to] = [row(wDec, feature), row(unit, i)];
    for (let d = 0; d < from.length; d++) to[d] = (from[d] as number) / length;
  });
  return { unit, features };
}

/** Cosine similarity of two decoder rows, neither of them zero, in f64. */
export function cosine(a: SparseAutoencoder, f: number, b: SparseAutoencoder, g: number): number {
  const [x, y] = [row(a.weights.wDec, f), row(b.weights.wDec, g)];
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
}

/** Throws `shape-mismatch` for dictionaries of different widths. */
export function checkComparable(a: SparseAutoencoder, b: SparseAutoencoder): void {
  if (a.dIn === b.dIn) return;
  throw new FeedprintError({
    code: 'shape-mismatch',
    message: `cannot compare dictionaries over ${a.dIn} and ${b.dIn} units`,
    remedy: 'compare SAEs of the same site',
  });
}

const notFinite = (feature: number): FeedprintError =>
  new FeedprintError({
    code: 'numbers-invalid',
    message: `the decoder row of feature ${feature} is not finite`,
    remedy: 'use SAEs whose weights are finite',
  });
