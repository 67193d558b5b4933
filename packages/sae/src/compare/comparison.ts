import type { DictionaryComparison, FeatureMatch } from '@feedprint/core';

/** One match per feature, from those that were found; a feature without a match counts as similarity 0. */
export function comparisonOf(dSae: number, found: readonly FeatureMatch[]): DictionaryComparison {
  const matches = Array.from({ length: dSae }, (_, feature): FeatureMatch => ({
    feature,
    match: null,
    similarity: 0,
  }));
  for (const match of found) matches[match.feature] = match;
  const total = matches.reduce((sum, { similarity }) => sum + similarity, 0);
  return { mmcs: dSae === 0 ? 0 : total / dSae, matches };
}
