import { assertPaired, assertProbabilities } from './checks.ts';
import { countPositives } from './labels.ts';

/**
 * Mean squared difference between the predicted probability of class 1 and the label; `undefined` without predictions.
 * Throws `numbers-invalid` for labels other than 0 and 1, and for probabilities outside [0, 1]. Source: Brier (1950).
 */
export function brierScore(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
): number | undefined {
  assertPaired(probabilities, labels, ['probabilities', 'labels']);
  assertProbabilities(probabilities, 'the list of probabilities');
  countPositives(labels);
  let sum = 0;
  for (let i = 0; i < labels.length; i++) {
    sum += ((probabilities[i] as number) - (labels[i] as number)) ** 2;
  }
  return labels.length === 0 ? undefined : sum / labels.length;
}
