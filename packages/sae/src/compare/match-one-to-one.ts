import { FeedprintError } from '@feedprint/core';
import type { DictionaryMatcher } from '@feedprint/core';
import { assign } from './assignment.ts';
import { comparisonOf } from './comparison.ts';
import { forCosineBlocks } from './cosine-blocks.ts';
import { checkComparable, cosine, directionsOf } from './decoder-rows.ts';

/** Cosines held at once: 2 GiB. */
const MOST_COSINES = 2 ** 29;

/**
 * Pairs features of `a` and `b`, each with one other at most, so that the total cosine similarity of their decoder rows is
 * as large as possible: the assignment is exact for cosines computed in f32, and the similarities returned are f64.
 * Features of the larger dictionary that are left over, and zero rows, have no match: null, similarity 0, and they enter
 * `mmcs` as such. It holds the cosines of all pairs, and throws `usage` for more than 2^29 of them.
 */
export const matchOneToOne: DictionaryMatcher = async (a, b) => {
  checkComparable(a, b);
  const [rowsA, rowsB] = [directionsOf(a), directionsOf(b)];
  const swapped = rowsA.features.length > rowsB.features.length;
  const [few, many] = swapped ? [rowsB, rowsA] : [rowsA, rowsB];
  const [rows, columns] = [few.features.length, many.features.length];
  if (rows * columns > MOST_COSINES) throw tooMany(rows, columns);
  const cost = new Float32Array(rows * columns);
  await forCosineBlocks(few, many, (first, cosines) => {
    for (let i = 0, at = first * columns; i < cosines.length; i++, at++) {
      cost[at] = -(cosines[i] as number);
    }
  });
  const pairs = Array.from(assign(cost, rows, columns), (column, i) => {
    const [one, other] = [few.features[i] as number, many.features[column] as number];
    return swapped ? ([other, one] as const) : ([one, other] as const);
  });
  return comparisonOf(
    a.dSae,
    pairs.map(([feature, match]) => ({
      feature,
      match,
      similarity: cosine(a, feature, b, match),
    })),
  );
};

const tooMany = (rows: number, columns: number): FeedprintError =>
  new FeedprintError({
    code: 'usage',
    message: `${rows} x ${columns} features are too many to pair one to one`,
    remedy: 'use maxCosineMatch, which holds few cosines at a time',
  });
