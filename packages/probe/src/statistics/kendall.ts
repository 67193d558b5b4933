import { assertPaired } from './checks.ts';
import { normalCdf } from './normal.ts';
import { competitionRanks } from './ranks.ts';

export interface KendallTau {
  /** In [-1, 1]. */
  readonly tau: number;
  /** Two-sided, from the normal approximation with ties. */
  readonly p: number;
}

/**
 * Kendall's tau-b in O(n log n); `undefined` when a list is constant or shorter than 3.
 * Throws `numbers-invalid` for numbers that are not finite. Source: Knight (1966) for the count of discordant pairs,
 * Kendall (1970) for the variance under ties.
 */
export function kendallTauB(x: ArrayLike<number>, y: ArrayLike<number>): KendallTau | undefined {
  assertPaired(x, y, ['x', 'y']);
  const n = x.length;
  if (n < 3) return undefined;
  const xRanks = competitionRanks(x);
  const yRanks = competitionRanks(y);
  const pairs = (n * (n - 1)) / 2;
  const xTies = countTies(xRanks);
  const yTies = countTies(yRanks);
  if (xTies.pairs === pairs || yTies.pairs === pairs) return undefined;

  // Both ranks are below n, so one number holds both and a plain numeric sort orders by x, then y.
  const keys = new Float64Array(n);
  for (let i = 0; i < n; i++) keys[i] = (xRanks[i] as number) * n + (yRanks[i] as number);
  keys.sort();
  const jointTies = countRunPairs(keys);
  const inOrder = new Int32Array(n);
  for (let i = 0; i < n; i++) inOrder[i] = (keys[i] as number) % n;
  const discordant = countInversions(inOrder);

  const difference = pairs - xTies.pairs - yTies.pairs + jointTies - 2 * discordant;
  const tau = difference / Math.sqrt(pairs - xTies.pairs) / Math.sqrt(pairs - yTies.pairs);
  const ordered = n * (n - 1);
  const variance =
    (ordered * (2 * n + 5) - xTies.weighted - yTies.weighted) / 18 +
    (2 * xTies.pairs * yTies.pairs) / ordered +
    (xTies.cubic * yTies.cubic) / (9 * ordered * (n - 2));
  const z = Math.abs(difference) / Math.sqrt(variance);
  return { tau: Math.max(-1, Math.min(1, tau)), p: 2 * normalCdf(-z) };
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

function countRunPairs(sorted: Float64Array): number {
  let pairs = 0;
  let run = 0;
  for (let i = 1; i < sorted.length; i++) {
    run = sorted[i] === sorted[i - 1] ? run + 1 : 0;
    pairs += run;
  }
  return pairs;
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
