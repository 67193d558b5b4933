import type { Fold } from '../folds.ts';
import type { PreferenceInput } from './preference-input.ts';

/** Number of occurrences of the mean token with which each token's mean is shrunk towards it. */
const PRIOR = 3;

/**
 * Each pair's margin predicted from the mean log-ratios of its tokens, with means taken in the other folds: every token
 * of every reply counts there, so that a few pairs tell more than by regression, if less exactly. `[pairs]`, nats.
 */
export function marginsByTokenRatios(
  { chosen, rejected }: Pick<PreferenceInput, 'chosen' | 'rejected'>,
  folds: readonly Fold[],
): Float64Array {
  const result = new Float64Array(chosen.length);
  for (const { train, test } of folds) {
    const sums = new Map<number, { sum: number; n: number }>();
    let [total, tokens] = [0, 0];
    for (const i of train) {
      for (const reply of [chosen[i], rejected[i]]) {
        reply?.tokens.forEach((token, t) => {
          const ratio = (reply.tuned[t] as number) - (reply.base[t] as number);
          const entry = sums.get(token) ?? { sum: 0, n: 0 };
          sums.set(token, { sum: entry.sum + ratio, n: entry.n + 1 });
          total += ratio;
          tokens++;
        });
      }
    }
    const mean = total / tokens;
    const worth = (token: number): number => {
      const { sum, n } = sums.get(token) ?? { sum: 0, n: 0 };
      return (sum - n * mean) / (n + PRIOR);
    };
    const value = (list: Int32Array | undefined): number =>
      list?.reduce((sum, token) => sum + worth(token), 0) ?? 0;
    for (const i of test) result[i] = value(chosen[i]?.tokens) - value(rejected[i]?.tokens);
  }
  return result;
}
