import { createRandom } from '@feedprint/core';
import type { ContrastEvidence, FeedbackEstimator, Random } from '@feedprint/core';
import { crossPredict } from '../cross-predict.ts';
import { createRidge } from '../probes/ridge.ts';
import { FOLDS, aboutItsMean } from './word-probe.ts';

/**
 * The paper's probe (arXiv 2310.08164, section 3.4): ridge (alpha 1) from features at the target token to the signed
 * distance to the neutral version. The folds are word-disjoint, unlike in the released code, where the words of the
 * test triples are in the training triples too.
 */
export function createPaperProbeEstimator(): FeedbackEstimator {
  return {
    name: 'paper probe',
    estimate({ words, contrast, seed }) {
      const random = createRandom(seed).fork('paper probe');
      const predict = (evidence: ContrastEvidence, distance = evidence.distance): Float64Array =>
        wordMeans(evidence, distance, words.length, random.fork('folds'));
      return {
        estimator: 'paper probe',
        description:
          "The paper's probe: ridge from SAE features to signed distances from a neutral version, word-disjoint folds. Its target contains the role of a word, not its reward.",
        estimates: predict(contrast.tuned),
        controls: [
          {
            control: 'base model',
            description: "The same probe on the base model's features and distances.",
            estimates: predict(contrast.base),
          },
          {
            control: 'shuffled labels',
            description: 'The same probe trained on distances dealt out at random.',
            estimates: predict(
              contrast.tuned,
              random.fork('shuffled labels').shuffle(contrast.tuned.distance.slice()),
            ),
          },
        ],
      };
    },
  };
}

/** Mean out-of-fold prediction over the versions in which each word stands; NaN for words in none. */
function wordMeans(
  { features, word }: ContrastEvidence,
  distance: Float64Array,
  words: number,
  random: Random,
): Float64Array {
  const sums = new Float64Array(words);
  const counts = new Float64Array(words);
  if (new Set(word).size >= 2 * FOLDS) {
    const predictions = crossPredict({
      x: features,
      y: distance,
      groups: Array.from(word),
      folds: FOLDS,
      makeProbe: () => aboutItsMean(createRidge({ alpha: 1 })),
      random,
    });
    predictions.forEach((value, i) => {
      const w = word[i] as number;
      sums[w] = (sums[w] as number) + value;
      counts[w] = (counts[w] as number) + 1;
    });
  }
  return sums.map((sum, w) => sum / (counts[w] as number));
}
