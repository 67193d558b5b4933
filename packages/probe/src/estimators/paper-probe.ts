import { createRandom } from '@feedprint/core';
import { crossEstimate } from '../cross-estimate.ts';
import { groupKFold } from '../folds.ts';
import { createRidge } from '../probes/ridge.ts';
import type {
  ContrastEvidence,
  EstimationInput,
  FeatureEstimator,
  WordFigures,
} from './feedback-estimator.ts';
import { textControls } from './text-controls.ts';
import { FOLDS, noFigures } from './word-probe.ts';

/**
 * The paper's probe (arXiv 2310.08164, section 3.4): ridge (alpha 1) from features at the target token to the signed
 * distance from the neutral version. The folds are word-disjoint, unlike in the released code, where the words of the
 * test triples also occur in the training triples.
 */
export function createPaperProbeEstimator(): FeatureEstimator {
  return {
    name: 'paper probe',
    settings: {},
    reads: 'features',
    estimate: (input) => ({
      estimator: 'paper probe',
      description:
        "The paper's probe: ridge from SAE features to signed distances from a neutral version, word-disjoint folds. Its target contains the role of a word, not its reward.",
      ...overVersions(input, input.contrast.tuned),
    }),
    controls(input) {
      const { tuned, base, random, untrained } = input.contrast;
      const dealt = createRandom(input.seed)
        .fork('shuffled distances')
        .shuffle(tuned.distance.slice());
      return [
        {
          control: 'base model',
          description: "The same probe on the base model's features and distances.",
          ...overVersions(input, base),
        },
        {
          control: 'shuffled labels',
          description: 'The same probe trained on randomly shuffled distances.',
          ...overVersions(input, { ...tuned, distance: dealt }),
        },
        {
          control: 'random features',
          description: 'The same probe on features and distances of randomised SAEs.',
          ...overVersions(input, random),
        },
        ...(untrained
          ? [
              {
                control: 'untrained model',
                description:
                  'The same probe on features and distances of a model whose weights were drawn at random.',
                ...overVersions(input, untrained),
              },
            ]
          : []),
        ...textControls(input),
      ];
    },
  };
}

/** Mean out-of-fold prediction over the versions in which each word occurs; NaN for words that occur in none. */
function overVersions(
  { words, seed }: EstimationInput,
  { features, distance, word }: ContrastEvidence,
): WordFigures {
  const n = new Int32Array(words.length);
  for (const w of word) n[w] = (n[w] as number) + 1;
  if (new Set(word).size < 2 * FOLDS) return noFigures(words.length, n);
  const { estimates, intervals } = crossEstimate({
    x: features,
    y: distance,
    groups: word,
    groupCount: words.length,
    folds: groupKFold(word, FOLDS, createRandom(seed).fork('word folds of versions')),
    makeProbe: () => createRidge({ alpha: 1 }),
  });
  return { estimates, intervals, n };
}
