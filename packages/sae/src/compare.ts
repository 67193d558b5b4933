import { FeedprintError, norm, row } from '@feedprint/core';
import type { DictionaryMatcher, FeatureMatch, Matrix } from '@feedprint/core';

/**
 * Mean over `a`'s features of the maximum cosine similarity to `b`'s, by decoder rows (Sharkey et al. 2022).
 * A feature whose decoder row is zero matches nothing: similarity 0.
 */
export const maxCosineMatch: DictionaryMatcher = (a, b) => {
  if (a.dIn !== b.dIn) {
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `cannot compare dictionaries over ${a.dIn} and ${b.dIn} units`,
      remedy: 'compare SAEs of the same site',
    });
  }
  const [rowsA, rowsB] = [unitRows(a.weights.wDec), unitRows(b.weights.wDec)];
  const matches = rowsA.map((x, feature): FeatureMatch => {
    let [match, similarity] = [0, -Infinity];
    rowsB.forEach((y, other) => {
      let cosine = 0;
      for (let i = 0; i < x.length; i++) cosine += (x[i] as number) * (y[i] as number);
      if (cosine > similarity) [match, similarity] = [other, cosine];
    });
    return { feature, match, similarity };
  });
  return { mmcs: matches.reduce((sum, m) => sum + m.similarity, 0) / matches.length, matches };
};

function unitRows(m: Matrix): Float64Array[] {
  return Array.from({ length: m.rows }, (_, i) => {
    const values = row(m, i);
    const length = norm(values) || 1;
    return Float64Array.from(values, (v) => v / length);
  });
}
