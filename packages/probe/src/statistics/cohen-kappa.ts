import { FeedprintError } from '@feedprint/core';

export interface Kappa {
  /** In [-1, 1]; NaN where both annotators gave one and the same value to everything, or there is nothing. */
  readonly kappa: number;
  /** Number of items that both annotated. */
  readonly n: number;
}

/**
 * Cohen's kappa (1960) of two annotations of the same items: their agreement beyond what their own rates would give by
 * chance. Each different number is a category; items that either left out (NaN) do not count. Throws `shape-mismatch`
 * for lists of different lengths.
 */
export function cohenKappa(first: ArrayLike<number>, second: ArrayLike<number>): Kappa {
  if (first.length !== second.length) {
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `one annotation has ${first.length} items and the other ${second.length}`,
      remedy: 'pass two annotations of the same items',
    });
  }
  const counts = new Map<number, [first: number, second: number]>();
  const countOf = (category: number): [number, number] => {
    const known = counts.get(category) ?? [0, 0];
    counts.set(category, known);
    return known;
  };
  let [n, equal] = [0, 0];
  for (let i = 0; i < first.length; i++) {
    const [a, b] = [first[i] as number, second[i] as number];
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    n++;
    if (a === b) equal++;
    countOf(a)[0]++;
    countOf(b)[1]++;
  }
  let byChance = 0;
  for (const [a, b] of counts.values()) byChance += (a / n) * (b / n);
  return { kappa: (equal / n - byChance) / (1 - byChance), n };
}
