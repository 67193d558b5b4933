import { findDiscrepancies, fitStatedLine } from '../discrepancies.ts';
import type { FeedbackEstimator } from './feedback-estimator.ts';
import { textControls } from './text-controls.ts';
import { occurrencesOf, shuffledStated } from './word-probe.ts';

/** The reward that KL-regularised tuning implies: log p_tuned / p_base. Needs no labels and no features. */
export function createLogRatioEstimator(): FeedbackEstimator {
  return {
    name: 'log-ratio',
    settings: {},
    estimate(input) {
      const { words } = input;
      const line = fitStatedLine(words);
      const figures = {
        estimates: words.map(({ estimate }) => estimate),
        intervals: words.map(({ interval }) => interval),
        n: occurrencesOf(words),
      };
      return {
        estimator: 'log-ratio',
        description:
          'How much more probable tuning made the word in the same contexts: log p_tuned / p_base, the reward that KL-regularised tuning implies.',
        ...figures,
        contradictions: findDiscrepancies(words),
        ...(line && { line }),
        controls: [
          {
            control: 'base model',
            description:
              "The base model's own log-probability of the word: what was there before tuning.",
            estimates: words.map(({ baseLogProb }) => baseLogProb),
            intervals: words.map(() => null),
            n: figures.n,
          },
          {
            control: 'shuffled labels',
            description: 'The same estimates against randomly shuffled stated feedback.',
            ...figures,
            stated: shuffledStated(input),
          },
          ...textControls(input),
        ],
      };
    },
  };
}
