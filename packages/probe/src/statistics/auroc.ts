import { FeedprintError } from '@feedprint/core';
import { assertPaired } from './checks.ts';
import { averageRanks } from './ranks.ts';

/**
 * Probability that a positive's score exceeds a negative's, ties counting half; `undefined` when one class is empty or
 * fewer than 3 scores are given. `labels` are 1 for positives and 0 for negatives; anything else, and scores that are
 * not finite, throw `numbers-invalid`. Source: Mann and Whitney's U over the number of pairs.
 */
export function auroc(scores: ArrayLike<number>, labels: ArrayLike<number>): number | undefined {
  assertPaired(scores, labels, ['scores', 'labels']);
  const ranks = averageRanks(scores);
  let positives = 0;
  let rankSum = 0;
  for (let i = 0; i < ranks.length; i++) {
    const label = labels[i] as number;
    if (label === 1) {
      positives++;
      rankSum += ranks[i] as number;
    } else if (label !== 0) {
      throw new FeedprintError({
        code: 'numbers-invalid',
        message: `labels holds ${label} at index ${i}`,
        remedy: 'label positives 1 and negatives 0',
      });
    }
  }
  const negatives = ranks.length - positives;
  if (ranks.length < 3 || positives === 0 || negatives === 0) return undefined;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
