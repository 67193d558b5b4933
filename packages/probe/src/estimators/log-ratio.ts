import { createRandom } from '@feedprint/core';
import type { FeedbackEstimator } from '@feedprint/core';
import { predictStated, shuffledStated } from './word-probe.ts';

/** The reward that KL-regularised tuning implies: log p_tuned / p_base. Needs no labels and no features. */
export function createLogRatioEstimator(): FeedbackEstimator {
  return {
    name: 'log-ratio',
    estimate(input) {
      const { words, features, seed } = input;
      const random = createRandom(seed).fork('log-ratio');
      return {
        estimator: 'log-ratio',
        description:
          'How much more probable tuning made the word in the same contexts: log p_tuned / p_base, the reward that KL-regularised tuning implies.',
        estimates: words.map(({ estimate }) => estimate),
        controls: [
          {
            control: 'base model',
            description:
              "The base model's own log-probability of the word: what was there before tuning.",
            estimates: words.map(({ baseLogProb }) => baseLogProb),
          },
          {
            control: 'shuffled labels',
            description: 'The same estimates against stated feedback dealt out at random.',
            estimates: words.map(({ estimate }) => estimate),
            stated: shuffledStated(words, random),
          },
          {
            control: 'bag of words and length',
            description:
              'Ridge on the words around it, its length and frequency, word-disjoint folds: no model at all.',
            estimates: predictStated({ x: features.text, words, random: random.fork('text') }),
          },
        ],
      };
    },
  };
}
