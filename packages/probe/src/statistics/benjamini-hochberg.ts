import { assertProbabilities } from './checks.ts';

/**
 * Adjusted p-values in the order given: counting those of at most `q` as discoveries keeps the expected share of false
 * ones at `q` or below. Throws `numbers-invalid` for a p-value outside [0, 1]. Source: Benjamini and Hochberg (1995).
 */
export function benjaminiHochberg(p: ArrayLike<number>): number[] {
  assertProbabilities(p, 'the list of p-values');
  const values = Array.from(p);
  const descending = values.map((_, index) => index);
  descending.sort((a, b) => (values[b] as number) - (values[a] as number));
  const q = values.slice();
  let least = 1;
  descending.forEach((index, place) => {
    const rank = values.length - place;
    least = Math.min(least, ((values[index] as number) * values.length) / rank);
    q[index] = least;
  });
  return q;
}
