import { FeedprintError } from '@feedprint/core';
import type { Kappa } from './cohen-kappa.ts';

/**
 * Fleiss' kappa (1971) of three or more annotations of the same items, or two: how far annotators agree beyond what the rates of
 * the categories over all of them would give by chance. Each different number is a category; items that anyone left out (NaN) do
 * not count. NaN where only one category occurs, or there are no items. Throws `shape-mismatch` for fewer than two annotations
 * or lists of different lengths.
 */
export function fleissKappa(annotations: readonly ArrayLike<number>[]): Kappa {
  const [first] = annotations;
  const lengths = new Set(annotations.map(({ length }) => length));
  if (first === undefined || annotations.length < 2 || lengths.size > 1) {
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `there are ${annotations.length} annotations, of ${[...lengths].join(' and ') || 'no'} items`,
      remedy: 'pass two or more annotations of the same items',
    });
  }
  const raters = annotations.length;
  const totals = new Map<number, number>();
  let [n, agreement] = [0, 0];
  for (let i = 0; i < first.length; i++) {
    const said = annotations.map((annotation) => annotation[i] as number);
    if (said.some(Number.isNaN)) continue;
    n++;
    const counts = new Map<number, number>();
    for (const category of said) counts.set(category, (counts.get(category) ?? 0) + 1);
    let pairs = 0;
    for (const [category, count] of counts) {
      totals.set(category, (totals.get(category) ?? 0) + count);
      pairs += count * (count - 1);
    }
    agreement += pairs / (raters * (raters - 1));
  }
  let byChance = 0;
  for (const count of totals.values()) byChance += (count / (n * raters)) ** 2;
  return { kappa: (agreement / n - byChance) / (1 - byChance), n };
}
