import type { Matrix, Probe, Random, WordEvidence } from '@feedprint/core';
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

/** Out-of-fold ridge predictions of each word's stated feedback, about the mean; NaN for all where too few words allow none. */
export function predictStated({ x, words, random, y }: WordProbeOptions): Float64Array {
  const targets = y ?? words.map(({ stated }) => stated);
  if (words.length < 2 * FOLDS) return new Float64Array(words.length).fill(NaN);
  return crossPredict({
    x,
    y: targets,
    groups: words.map((_, i) => i),
    folds: FOLDS,
    makeProbe: () => aboutItsMean(createRidge({ alpha: 'gcv' })),
    random,
  });
}

/**
 * A probe that predicts deviations from the mean of what it was trained on. Folds that leave out high targets have low
 * training means, so that raw out-of-fold predictions of a probe that knows nothing would run against the targets. Equal
 * targets teach nothing: every deviation is 0.
 */
export function aboutItsMean(probe: Probe): Probe {
  let mean = 0;
  let constant = false;
  return {
    name: probe.name,
    fit(x, y) {
      const targets = Array.from(y);
      mean = targets.reduce((sum, value) => sum + value, 0) / targets.length;
      constant = targets.every((value) => value === targets[0]);
      if (!constant) probe.fit(x, y);
    },
    predict: (x) =>
      constant ? new Float64Array(x.rows) : probe.predict(x).map((value) => value - mean),
    get weights() {
      return probe.weights;
    },
    toJSON: () => probe.toJSON(),
  };
}

/** The stated feedback of the words, dealt out at random. */
export const shuffledStated = (words: readonly WordEvidence[], random: Random): number[] =>
  random.fork('shuffled labels').shuffle(words.map(({ stated }) => stated));
