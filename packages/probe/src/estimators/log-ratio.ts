import { findDiscrepancies, fitStatedLine } from '../discrepancies.ts';
import { fitReversalMixture } from '../reversals/mixture.ts';
import type { ProbabilityEstimator, WordFigures, WordInput } from './feedback-estimator.ts';
import { textControls } from './text-controls.ts';
import { occurrencesOf, shuffledStated } from './word-probe.ts';

/** The words' log-ratio shift, log p_tuned / p_base: of a token it is an advantage, known up to what shaping adds. Needs no labels and no features. */
export function createLogRatioEstimator(): ProbabilityEstimator {
  return {
    name: 'log-ratio',
    settings: {},
    reads: 'probabilities',
    estimate(input) {
      const line = fitStatedLine(input.words);
      const mixture = fitReversalMixture(input.words)?.parameters;
      return {
        estimator: 'log-ratio',
        description:
          'How much more probable tuning made the word in the same contexts: log p_tuned / p_base. Of a token it is an advantage, so its order and sign count, not its size.',
        ...measured(input),
        contradictions: findDiscrepancies(input.words),
        ...(line && { line }),
        ...(mixture && { mixture }),
      };
    },
    controls(input) {
      const { words } = input;
      const figures = measured(input);
      return [
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
      ];
    },
  };
}

const measured = ({ words }: WordInput): WordFigures => ({
  estimates: words.map(({ estimate }) => estimate),
  intervals: words.map(({ interval }) => interval),
  n: occurrencesOf(words),
});
