import type { SparseAutoencoder } from '@feedprint/core';
import { crosscoderOf } from './crosscoder-of.ts';
import { decoderLengths } from './decoder-lengths.ts';

/** Which model a feature belongs to by its decoder vectors; `other` is anything in between. */
export type FeatureOwner = 'base-only' | 'shared' | 'tuned-only' | 'other';

export interface RelativeNorms {
  /** 0 for a feature of the base model alone, 1/2 for one equally long in both, 1 for one of the tuned model alone, `[dSae]`. */
  readonly relativeNorm: Float64Array;
  readonly owner: readonly FeatureOwner[];
}

/** Half the width of a class around 0, 1/2 and 1. */
const MARGIN = 0.1;

/**
 * How a crosscoder's features divide between its models by the lengths of their decoder vectors, ((|tuned| - |base|) /
 * max(|tuned|, |base|) + 1) / 2; below 0.1 base-only, above 0.9 tuned-only, 0.4 to 0.6 shared (Minder et al. 2025, arXiv
 * 2504.02922). Given the mean norms of both models' activations, lengths are measured in units of those, so that a model
 * with larger activations throughout does not own more features. A feature may be called tuned-only and still be present in
 * the base model: `latentScaling` tells. Features without a decoder vector are `other` at 1/2. Throws `usage` for anything
 * but a crosscoder of two models.
 */
export function relativeNorms(
  crosscoder: SparseAutoencoder,
  meanNorms: Readonly<Record<'base' | 'tuned', number>> = { base: 1, tuned: 1 },
): RelativeNorms {
  const { weights } = crosscoderOf(crosscoder);
  const lengths = decoderLengths(weights.wDec, 2) as [Float64Array, Float64Array];
  const base = lengths[0].map((length) => length / meanNorms.base);
  const tuned = lengths[1].map((length) => length / meanNorms.tuned);
  const longest = base.map((length, f) => Math.max(length, tuned[f] as number));
  const relativeNorm = base.map((length, f) =>
    longest[f] === 0 ? 0.5 : (((tuned[f] as number) - length) / (longest[f] as number) + 1) / 2,
  );
  return {
    relativeNorm,
    owner: Array.from(relativeNorm, (value, f) => (longest[f] === 0 ? 'other' : ownerOf(value))),
  };
}

function ownerOf(relativeNorm: number): FeatureOwner {
  if (relativeNorm < MARGIN) return 'base-only';
  if (relativeNorm > 1 - MARGIN) return 'tuned-only';
  return Math.abs(relativeNorm - 0.5) < MARGIN ? 'shared' : 'other';
}
