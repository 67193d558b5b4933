import { total } from '@feedprint/core/linear-algebra';
import type { Fold } from '../folds.ts';
import { fitBradleyTerry, logLoss } from './bradley-terry.ts';
import { sparseDesign } from './design.ts';
import { fitDifferenceRidge } from './difference-ridge.ts';
import type { PairMeasures } from './implied-margin.ts';
import { outOfFold } from './out-of-fold.ts';
import type { PreferenceInput } from './preference-input.ts';
import { marginsByTokenRatios } from './token-ratios.ts';
import { bradleyTerryErrors, ridgeErrors } from './weights-with-errors.ts';
import type { Weight } from './weights-with-errors.ts';
import { wordDifferences } from './word-differences.ts';
import type { WordDifferences } from './word-differences.ts';
import { findWords } from './word-findings.ts';
import type { WordFinding } from './word-findings.ts';

/** Fewest pairs that must differ in a word. */
const LEAST_PAIRS = 20;
/** Most words: the standard errors need a words-by-words matrix. */
const MOST_WORDS = 1500;
/** Penalties that each regression chooses from, by the loss on held-out folds. */
const PENALTIES = { inData: [2.5, 5, 10, 20], learned: [5, 10, 20, 40, 80] };

/** Word weights read from pairs: in the data (Bradley-Terry) and as learned (ridge on margins). */
export interface WordReading {
  readonly words: readonly WordFinding[];
  /**
   * Predictions for each pair from its words, fitted on pairs of other prompts: log-odds of the label; margin in nats.
   */
  readonly inData: Float64Array;
  readonly learned: Float64Array;
  /** Share of the margins' mean square that `learned` explains; null where nothing was fitted. */
  readonly explained: number | null;
  /** How much of the difference between data and learned each of a pair's words carries, in nats of margin. */
  contradictionOf(pair: number): { readonly column: number; readonly part: number }[];
}

/**
 * Fits both regressions on all pairs, for the weights, and out of fold, for the pairs. Without folds, nothing is
 * fitted.
 */
export function readWords(
  { chosen, rejected }: Pick<PreferenceInput, 'chosen' | 'rejected'>,
  measures: readonly PairMeasures[],
  folds: readonly Fold[],
): WordReading {
  const differences = wordDifferences(chosen, rejected, {
    leastPairs: LEAST_PAIRS,
    mostTokens: MOST_WORDS,
  });
  const margins = Float64Array.from(measures, ({ margin }) => margin);
  const square = total(margins.map((margin) => margin ** 2));
  if (folds.length === 0 || differences.tokens.length === 0 || square === 0) {
    return nothing(measures.length);
  }
  const lossOf = (predicted: Float64Array): number =>
    total(predicted.map((value, i) => (value - (margins[i] as number)) ** 2));
  const x = sparseDesign(differences.rows);
  const labels = new Float64Array(x.rows).fill(1);
  const inData = outOfFold({
    x,
    folds,
    penalties: PENALTIES.inData,
    fit: (rows, { l2, start }) => fitBradleyTerry(rows, { l2, start }),
    loss: (logits) => logLoss(logits, labels),
  });
  const learned = outOfFold({
    x,
    folds,
    penalties: PENALTIES.learned,
    fit: (rows, { train, l2, start }) =>
      fitDifferenceRidge(
        rows,
        Float64Array.from(train, (i) => margins[i] as number),
        l2,
        start,
      ),
    loss: lossOf,
  });
  const ofWords = (weights: readonly Weight[]) => weights.slice(0, differences.tokens.length);
  const { slope, words } = findWords({
    tokens: differences.tokens,
    pairs: differences.pairs,
    inData: ofWords(bradleyTerryErrors(x, fitBradleyTerry(x, { l2: inData.l2 }), inData.l2)),
    learned: ofWords(
      ridgeErrors(x, margins, fitDifferenceRidge(x, margins, learned.l2), learned.l2),
    ),
  });
  const ratios = marginsByTokenRatios({ chosen, rejected }, folds);
  const ofRatios = lossOf(ratios);
  const better = ofRatios < learned.loss ? { predictions: ratios, loss: ofRatios } : learned;
  return {
    words,
    inData: inData.predictions,
    learned: better.predictions,
    explained: 1 - better.loss / square,
    contradictionOf: (pair) => parts(differences, words, slope, pair),
  };
}

function parts(
  { rows }: WordDifferences,
  words: readonly WordFinding[],
  slope: number,
  pair: number,
) {
  const result: { column: number; part: number }[] = [];
  for (let k = rows.start[pair] as number; k < (rows.start[pair + 1] as number); k++) {
    const column = rows.index[k] as number;
    const word = words[column];
    if (!word) continue; // Length is not a word.
    const { inData, learned } = word;
    const part = (rows.value[k] as number) * (slope * inData.value - learned.value);
    result.push({ column, part });
  }
  return result;
}

const nothing = (pairs: number): WordReading => ({
  words: [],
  inData: new Float64Array(pairs),
  learned: new Float64Array(pairs),
  explained: null,
  contradictionOf: () => [],
});
