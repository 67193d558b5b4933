import { norm, row } from '@feedprint/core';
import type { DictionaryComparison, FeatureMatch, SparseAutoencoder } from '@feedprint/core';
import { matchOneToOne } from './match-one-to-one.ts';
import { maxCosineMatch } from './max-cosine-match.ts';

export interface CompareOptions {
  /** Whether to pair features one to one too. Default false. */
  readonly oneToOne?: boolean;
  /**
   * Cosine similarity below which a feature has no counterpart. Default 0.7: a direction of the other dictionary then
   * gives less than half (0.7^2) of the feature's squared length. Chance is far below: the best of m random directions in d
   * dimensions comes to about sqrt(2 ln m / d), 0.19 for m = 8192 and d = 512.
   */
  readonly threshold?: number;
}

/** Two dictionaries seen from both sides, such as a base and a tuned model's, or a small and a large one's. */
export interface DictionaryPair {
  readonly threshold: number;
  /** Best counterparts in `b` of `a`'s features; `mmcs` is high when `b` has all that `a` has. */
  readonly aInB: DictionaryComparison;
  /** Best counterparts in `a` of `b`'s features. */
  readonly bInA: DictionaryComparison;
  /** Features of `a` that are no nearer than the threshold to any of `b`, the most foreign first; zero rows are in neither list. */
  readonly onlyInA: readonly FeatureMatch[];
  /** Features of `b` without a counterpart in `a`. */
  readonly onlyInB: readonly FeatureMatch[];
  /** Pairs of the largest total similarity, if asked for; one per feature of `a`. */
  readonly oneToOne?: DictionaryComparison;
}

/** Compares decoder rows by signed cosine similarity. Throws `shape-mismatch` for SAEs over other widths. */
export async function compareDictionaries(
  a: SparseAutoencoder,
  b: SparseAutoencoder,
  { oneToOne = false, threshold = 0.7 }: CompareOptions = {},
): Promise<DictionaryPair> {
  const aInB = await maxCosineMatch(a, b);
  const bInA = await maxCosineMatch(b, a);
  return {
    threshold,
    aInB,
    bInA,
    onlyInA: without(a, aInB, threshold),
    onlyInB: without(b, bInA, threshold),
    ...(oneToOne && { oneToOne: await matchOneToOne(a, b) }),
  };
}

const without = (
  { weights: { wDec } }: SparseAutoencoder,
  { matches }: DictionaryComparison,
  threshold: number,
): FeatureMatch[] =>
  matches
    .filter(({ feature, similarity }) => similarity < threshold && norm(row(wDec, feature)) > 0)
    .sort((x, y) => x.similarity - y.similarity || x.feature - y.feature);
