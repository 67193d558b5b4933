import { assertPaired } from './checks.ts';
import { normalCdf } from './normal.ts';
import { competitionRanks, countBelowEach } from './ranks.ts';

export interface KendallTau {
  /** In [-1, 1]. */
  readonly tau: number;
  /** Two-sided, from the normal approximation with ties. */
  readonly p: number;
}

/**
 * Kendall's tau-b in O(n log n); `undefined` if a list is constant or shorter than 3. Throws `numbers-invalid` for
 * numbers that are not finite. Source: Knight (1966) for the count of discordant pairs, Kendall (1970) for the variance
 * under ties.
 */
export function kendallTauB(x: ArrayLike<number>, y: ArrayLike<number>): KendallTau | undefined {
  assertPaired(x, y, ['x', 'y']);
  const counts = x.length < 3 ? undefined : countPairs(competitionRanks(x), competitionRanks(y));
  if (counts === undefined) return undefined;
  const { difference, xTies, yTies } = counts;
  const n = x.length;
  const ordered = n * (n - 1);
  const variance =
    (ordered * (2 * n + 5) - xTies.weighted - yTies.weighted) / 18 +
    (2 * xTies.pairs * yTies.pairs) / ordered +
    (xTies.cubic * yTies.cubic) / (9 * ordered * (n - 2));
  const z = Math.abs(difference) / Math.sqrt(variance);
  return { tau: counts.tau, p: 2 * normalCdf(-z) };
}

/** `kendallTauB` of competition ranks without its p-value, for resampling. */
export const tauOfRanks = (x: Int32Array, y: Int32Array): number | undefined =>
  x.length < 3 ? undefined : countPairs(x, y)?.tau;

interface PairCounts {
  readonly tau: number;
  /** Concordant minus discordant pairs. */
  readonly difference: number;
  readonly xTies: Ties;
  readonly yTies: Ties;
}

/** From competition ranks; `undefined` if one list is constant. */
function countPairs(x: Int32Array, y: Int32Array): PairCounts | undefined {
  const n = x.length;
  const pairs = (n * (n - 1)) / 2;
  const xTies = countTies(x);
  const yTies = countTies(y);
  if (xTies.pairs === pairs || yTies.pairs === pairs) return undefined;

  // Sorted by x, then y: first by y, then stably by x.
  const all = Int32Array.from(x, (_, i) => i);
  const order = sortedBy(x, sortedBy(y, all));
  let jointTies = 0;
  let run = 0;
  for (let k = 1; k < n; k++) {
    const [i, before] = [order[k] as number, order[k - 1] as number];
    run = x[i] === x[before] && y[i] === y[before] ? run + 1 : 0;
    jointTies += run;
  }
  const discordant = countInversions(order.map((i) => y[i] as number));
  const difference = pairs - xTies.pairs - yTies.pairs + jointTies - 2 * discordant;
  const tau = difference / Math.sqrt(pairs - xTies.pairs) / Math.sqrt(pairs - yTies.pairs);
  return { tau: Math.max(-1, Math.min(1, tau)), difference, xTies, yTies };
}

/** The items in the order of their ranks; those of equal rank keep their order. */
function sortedBy(ranks: Int32Array, items: Int32Array): Int32Array {
  const next = countBelowEach(ranks, ranks.length);
  const sorted = new Int32Array(items.length);
  for (const item of items) {
    const rank = ranks[item] as number;
    const place = next[rank] as number;
    sorted[place] = item;
    next[rank] = place + 1;
  }
  return sorted;
}

interface Ties {
  /** Sum of t(t - 1)/2 over groups of t equal values. */
  readonly pairs: number;
  /** Sum of t(t - 1)(t - 2). */
  readonly cubic: number;
  /** Sum of t(t - 1)(2t + 5). */
  readonly weighted: number;
}

function countTies(ranks: Int32Array): Ties {
  const counts = new Int32Array(ranks.length);
  for (const rank of ranks) counts[rank] = (counts[rank] as number) + 1;
  let pairs = 0;
  let cubic = 0;
  let weighted = 0;
  for (const t of counts) {
    pairs += (t * (t - 1)) / 2;
    cubic += t * (t - 1) * (t - 2);
    weighted += t * (t - 1) * (2 * t + 5);
  }
  return { pairs, cubic, weighted };
}

/** Pairs `i < j` with `values[i] > values[j]`, by a bottom-up merge sort. */
function countInversions(values: Int32Array): number {
  let from = values;
  let to: Int32Array = new Int32Array(values.length);
  let inversions = 0;
  for (let width = 1; width < values.length; width *= 2) {
    for (let start = 0; start < values.length; start += 2 * width) {
      const middle = Math.min(start + width, values.length);
      const end = Math.min(start + 2 * width, values.length);
      let left = start;
      let right = middle;
      for (let k = start; k < end; k++) {
        if (right >= end || (left < middle && (from[left] as number) <= (from[right] as number))) {
          to[k] = from[left++] as number;
        } else {
          to[k] = from[right++] as number;
          inversions += middle - left;
        }
      }
    }
    [from, to] = [to, from];
  }
  return inversions;
}
