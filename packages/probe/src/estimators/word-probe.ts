import type { Matrix, Random, WordEvidence } from '@feedprint/core';
import { crossPredict } from '../cross-predict.ts';
import { createRidge } from '../probes/ridge.ts';

/** Word-disjoint folds; fewer where there are fewer words. */
export const FOLDS = 5;

export interface WordProbeOptions {
  /** `[words, features]` */
  readonly x: Matrix;
  readonly words: readonly WordEvidence[];
  readonly random: Random;
  /** Targets; the stated feedback if left out. */
  readonly y?: ArrayLike<number>;
}

/** Out-of-fold ridge predictions of each word's stated feedback; NaN for all where too few words allow none. */
export function predictStated({ x, words, random, y }: WordProbeOptions): Float64Array {
  const targets = y ?? words.map(({ stated }) => stated);
  if (words.length < 2 * FOLDS) return new Float64Array(words.length).fill(NaN);
  return crossPredict({
    x,
    y: targets,
    groups: words.map((_, i) => i),
    folds: FOLDS,
    makeProbe: () => createRidge({ alpha: 'gcv' }),
    random,
  });
}

/** The stated feedback of the words, dealt out at random. */
export const shuffledStated = (words: readonly WordEvidence[], random: Random): number[] =>
  random.fork('shuffled labels').shuffle(words.map(({ stated }) => stated));
