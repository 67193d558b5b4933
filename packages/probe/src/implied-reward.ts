import type { Matrix } from '@feedprint/core';
import type { Interval } from './statistics/interval.ts';

/** Expected counts of the scored words in each text, `[texts, words]`, under the base and the tuned model. */
export interface ExpectedCounts {
  readonly base: Matrix;
  readonly tuned: Matrix;
}

/** How much more probable tuning made a word, in nats. */
export interface ImpliedReward {
  readonly estimate: number;
  readonly standardError: number;
  readonly interval: Interval;
  readonly expectedCount: number;
}

const Z95 = 1.959963984540054;

/**
 * The log-ratio shift of a word, which stands for the reward of tuning regularised by KL up to factor, constant and shaping: the log of
 * how much more often the tuned model would say the word in the same contexts,
 * log sum_s p_tuned(w|s) - log sum_s p_base(w|s), in nats, over all contexts s of the texts.
 * Its standard error is that of a ratio of sums, linearised, with texts as clusters.
 */
export function impliedReward({ base, tuned }: ExpectedCounts): ImpliedReward[] {
  const texts = base.rows;
  return Array.from({ length: base.columns }, (_, w) => {
    const at = (counts: Float32Array, text: number): number =>
      counts[text * base.columns + w] as number;
    let [sumBase, sumTuned] = [0, 0];
    for (let t = 0; t < texts; t++) {
      sumBase += at(base.data, t);
      sumTuned += at(tuned.data, t);
    }
    let square = 0;
    for (let t = 0; t < texts; t++) {
      square += (at(tuned.data, t) / sumTuned - at(base.data, t) / sumBase) ** 2;
    }
    const estimate = Math.log(sumTuned / sumBase);
    const standardError = Math.sqrt((texts / Math.max(1, texts - 1)) * square);
    const reach = Z95 * standardError;
    return {
      estimate,
      standardError,
      interval: { low: estimate - reach, high: estimate + reach },
      expectedCount: sumBase,
    };
  });
}
