import { FeedprintError } from '@feedprint/core';
import { assertPaired } from './checks.ts';
import { countPositives } from './labels.ts';
import { tiesDescending } from './ties.ts';

/**
 * Share of positives among the `k` greatest scores; scores that tie at the cutoff count as drawing them at random would
 * on average. `undefined` for fewer than `k` scores. `labels` are 0 and 1; anything else, and scores that are not
 * finite, throw `numbers-invalid`, a `k` that is not a whole number above 0 `config-invalid`.
 */
export function precisionAtK(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  k: number,
): number | undefined {
  assertPaired(scores, labels, ['scores', 'labels']);
  countPositives(labels);
  if (!Number.isInteger(k) || k < 1) {
    throw new FeedprintError({
      code: 'config-invalid',
      message: `precision at ${k} was asked for`,
      remedy: 'ask for a whole number of at least 1',
    });
  }
  if (scores.length < k) return undefined;
  let [left, found] = [k, 0];
  for (const { n, positives } of tiesDescending(scores, labels)) {
    const taken = Math.min(left, n);
    found += (taken / n) * positives;
    left -= taken;
  }
  return found / k;
}
