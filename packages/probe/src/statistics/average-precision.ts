import { assertPaired } from './checks.ts';
import { countPositives } from './labels.ts';
import { tiesDescending } from './ties.ts';

/**
 * Precision at every score that finds new positives, weighted by the share of positives found there: the area under the
 * precision-recall steps, equal scores taken together (scikit-learn's `average_precision_score`). `undefined` when one
 * class is empty or fewer than 3 scores are given. `labels` are 0 and 1; anything else, and scores that are not finite,
 * throw `numbers-invalid`.
 */
export function averagePrecision(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
): number | undefined {
  assertPaired(scores, labels, ['scores', 'labels']);
  const all = countPositives(labels);
  if (labels.length < 3 || all === 0 || all === labels.length) return undefined;
  let [taken, found, sum] = [0, 0, 0];
  for (const { n, positives } of tiesDescending(scores, labels)) {
    taken += n;
    found += positives;
    sum += (positives / all) * (found / taken);
  }
  return sum;
}
