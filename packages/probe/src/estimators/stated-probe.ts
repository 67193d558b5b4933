import { createRandom } from '@feedprint/core';
import type { FeedbackEstimator } from '@feedprint/core';
import { predictStated, shuffledStated } from './word-probe.ts';

/** A ridge probe on SAE features, trained on stated feedback; every word is predicted by a probe that never saw it. */
export function createStatedProbeEstimator(): FeedbackEstimator {
  return {
    name: 'stated-label probe',
    estimate({ words, features, seed }) {
      const random = createRandom(seed).fork('stated-label probe');
      const predict = (x: typeof features.tuned, y?: ArrayLike<number>): Float64Array =>
        predictStated({ x, words, random: random.fork('folds'), ...(y && { y }) });
      const shuffled = shuffledStated(words, random);
      return {
        estimator: 'stated-label probe',
        description:
          "Ridge from the tuned model's SAE features at a word to its stated feedback, word-disjoint folds. It shows what is readable, not what was learned: compare the base model.",
        estimates: predict(features.tuned),
        controls: [
          {
            control: 'base model',
            description: "The same probe on the base model's SAE features.",
            estimates: predict(features.base),
          },
          {
            control: 'shuffled labels',
            description:
              'The same probe trained and judged on stated feedback dealt out at random.',
            estimates: predict(features.tuned, shuffled),
            stated: shuffled,
          },
          {
            control: 'random features',
            description: 'The same probe on randomised SAEs of the same sparsity.',
            estimates: predict(features.random),
          },
          {
            control: 'bag of words and length',
            description:
              'The same probe on the words around it, its length and frequency: no model at all.',
            estimates: predict(features.text),
          },
        ],
      };
    },
  };
}
