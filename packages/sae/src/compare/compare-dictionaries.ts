import { norm, row } from '@feedprint/core';
import type { DictionaryComparison, FeatureMatch, SparseAutoencoder } from '@feedprint/core';
import { matchOneToOne } from './match-one-to-one.ts';
import { maxCosineMatch } from './max-cosine-match.ts';

export interface CompareOptions {
  /** Whether to also pair features one to one. Default false. */
  readonly oneToOne?: boolean;
  /**
   * Cosine similarity below which a feature has no counterpart. Default 0.7: a direction of the other dictionary then
   * accounts for less than half (0.7^2) of the feature's squared length. Chance is far below that: the best of m random
   * directions in d dimensions comes to about sqrt(2 ln m / d), 0.19 for m = 8192 and d = 512.
   */
  readonly threshold?: number;
}

/** Two dictionaries compared in both directions, such as those of a base and a tuned model, or a small and a large one. */
export interface DictionaryPair {
  readonly threshold: number;
  /** Best counterparts in `b` of `a`'s features; `mmcs` is high when `b` has all that `a` has. */
  readonly aInB: DictionaryComparison;
  /** Best counterparts in `a` of `b`'s features. */
  readonly bInA: DictionaryComparison;
  /** Features of `a` whose best similarity in `b` stays below the threshold, the least similar first; zero rows are in neither list. */
  readonly onlyInA: readonly FeatureMatch[];
  /** Features of `b` without a counterpart in `a`. */
  readonly onlyInB: readonly FeatureMatch[];
  /** The pairing with the largest total similarity, if asked for; one entry per feature of `a`. */
  readonly oneToOne?: DictionaryComparison;
}

/** Compares decoder rows by signed cosine similarity. Throws `shape-mismatch` for SAEs of different widths. */
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
