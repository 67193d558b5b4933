import { createRandom } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { crossEstimate } from '../cross-estimate.ts';
import { groupKFold } from '../folds.ts';
import type { Fold } from '../folds.ts';
import { createRidge } from '../probes/ridge.ts';
import type { WordEvidence, WordFigures, WordInput } from './feedback-estimator.ts';

/** Word-disjoint folds. */
export const FOLDS = 5;

export interface WordProbeOptions {
  /** `[words, features]` */
  readonly x: Matrix;
  /** Number of occurrences that each row of `x` is based on. */
  readonly n: ArrayLike<number>;
  /** Targets. Default: the stated feedback. */
  readonly y?: ArrayLike<number>;
}

/**
 * Predictions of each word's stated feedback, as deviations from its mean, by ridge probes that never saw the word,
 * with CV+ intervals. All are NaN if there are too few words. All probes of one input share their folds.
 */
export function predictStated(
  { words, seed }: Pick<WordInput, 'words' | 'seed'>,
  { x, n, y }: WordProbeOptions,
): WordFigures {
  if (words.length < 2 * FOLDS) return noFigures(words.length, n);
  const { estimates, intervals } = crossEstimate({
    x,
    y: y ?? words.map(({ stated }) => stated),
    groups: words.map((_, i) => i),
    groupCount: words.length,
    folds: wordFolds(words, seed),
    makeProbe: () => createRidge({ alpha: 'gcv' }),
  });
  return { estimates, intervals, n };
}

/** Figures that say nothing. */
export const noFigures = (words: number, n: ArrayLike<number>): WordFigures => ({
  estimates: new Float64Array(words).fill(NaN),
  intervals: new Array<null>(words).fill(null),
  n,
});

const wordFolds = (words: readonly WordEvidence[], seed: number): readonly Fold[] =>
  groupKFold(
    words.map((_, i) => i),
    FOLDS,
    createRandom(seed).fork('word folds'),
  );

/** The stated feedback of the words, shuffled; the same for every estimator. */
export const shuffledStated = ({ words, seed }: WordInput): number[] =>
  createRandom(seed)
    .fork('shuffled labels')
    .shuffle(words.map(({ stated }) => stated));

/** Number of occurrences of every word in the texts. */
export const occurrencesOf = (words: readonly WordEvidence[]): number[] => words.map(({ n }) => n);
