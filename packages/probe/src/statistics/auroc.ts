import { assertPaired } from './checks.ts';
import { countPositives } from './labels.ts';
import { averageRanks } from './ranks.ts';

/**
 * Probability that a positive's score exceeds a negative's, ties counting half; `undefined` if one class is empty or
 * fewer than 3 scores are given. `labels` are 1 for positives and 0 for negatives; anything else, and scores that are
 * not finite, throw `numbers-invalid`. Source: Mann and Whitney's U over the number of pairs.
 */
export function auroc(scores: ArrayLike<number>, labels: ArrayLike<number>): number | undefined {
  assertPaired(scores, labels, ['scores', 'labels']);
  return aurocOfRanks(averageRanks(scores), labels);
}

/** `auroc` of scores whose average ranks are known. */
export function aurocOfRanks(ranks: Float64Array, labels: ArrayLike<number>): number | undefined {
  const positives = countPositives(labels);
  const negatives = labels.length - positives;
  if (labels.length < 3 || positives === 0 || negatives === 0) return undefined;
  let rankSum = 0;
  for (let i = 0; i < ranks.length; i++) if (labels[i] === 1) rankSum += ranks[i] as number;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
