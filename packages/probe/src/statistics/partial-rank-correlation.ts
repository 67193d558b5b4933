import { spearmanCoefficient } from './correlation.ts';
import type { Interval } from './interval.ts';

const Z95 = 1.959963984540054;
/** Fewest observations whose interval means anything. */
const FEWEST = 8;

/**
 * Spearman's correlation of x and y with a third variable's ranks partialled out, and its 95 % interval by Fisher's z with the
 * variance (1 + r^2 / 2) / (n - 4) (Bonett and Wright 2000; one degree of freedom fewer for the third variable). `undefined` for fewer than 8
 * observations, and where one of the three is constant or the third determines one of the others.
 */
export function partialRankCorrelation(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  given: ArrayLike<number>,
): { readonly value: number; readonly interval: Interval } | undefined {
  const n = x.length;
  if (n < FEWEST) return undefined;
  const [xy, xz, yz] = [
    spearmanCoefficient(x, y),
    spearmanCoefficient(x, given),
    spearmanCoefficient(y, given),
  ];
  if (xy === undefined || xz === undefined || yz === undefined) return undefined;
  const rest = (1 - xz * xz) * (1 - yz * yz);
  if (rest <= 1e-12) return undefined;
  const value = Math.max(-1, Math.min(1, (xy - xz * yz) / Math.sqrt(rest)));
  const reach = Z95 * Math.sqrt((1 + value ** 2 / 2) / (n - 4));
  // Perfect agreement has no finite z.
  const z = Math.atanh(Math.max(-1 + 1e-12, Math.min(1 - 1e-12, value)));
  return { value, interval: { low: Math.tanh(z - reach), high: Math.tanh(z + reach) } };
}
