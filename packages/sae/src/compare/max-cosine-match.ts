import type { DictionaryMatcher, FeatureMatch } from '@feedprint/core';
import { comparisonOf } from './comparison.ts';
import { cosineError, forCosineBlocks } from './cosine-blocks.ts';
import { checkComparable, cosine, directionsOf } from './decoder-rows.ts';

/**
 * For each feature of `a` the feature of `b` with the largest cosine similarity of decoder rows, and their mean, MMCS
 * (Sharkey et al. 2022). The sign matters. A zero row matches nothing and is nobody's match: null, similarity 0. Candidates
 * are found in f32 and decided in f64 among all that f32 cannot tell apart, so that the result is exact; ties go to the
 * first.
 */
export const maxCosineMatch: DictionaryMatcher = async (a, b) => {
  checkComparable(a, b);
  const [rowsA, rowsB] = [directionsOf(a), directionsOf(b)];
  const others = rowsB.features.length;
  const doubt = 2 * cosineError(a.dIn);
  const found: FeatureMatch[] = [];
  await forCosineBlocks(rowsA, rowsB, (first, cosines) => {
    for (let i = 0, start = 0; start < cosines.length; i++, start += others) {
      const feature = rowsA.features[first + i] as number;
      let most = -Infinity;
      for (let j = 0; j < others; j++) most = Math.max(most, cosines[start + j] as number);
      let [match, similarity] = [-1, -Infinity];
      for (let j = 0; j < others; j++) {
        if ((cosines[start + j] as number) < most - doubt) continue;
        const other = rowsB.features[j] as number;
        const exact = cosine(a, feature, b, other);
        if (exact > similarity) [match, similarity] = [other, exact];
      }
      found.push({ feature, match, similarity });
    }
  });
  return comparisonOf(a.dSae, found);
};
