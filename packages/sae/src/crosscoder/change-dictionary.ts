import type { ActivationStore, Matrix, Site } from '@feedprint/core';

/** A feature of a dictionary of changes. */
export interface ChangeFeature {
  readonly feature: number;
  /** Share of rows on which it is active. */
  readonly density: number;
  /** Mean over all rows of its activation, times the length of its vector: how much of the difference it carries. */
  readonly size: number;
  /** Of a crosscoder: 0 for a feature of the base alone, 1/2 shared, 1 of the tuned model alone; `null` of other kinds. */
  readonly relativeNorm: number | null;
  /** Of a crosscoder: the base's factor over the tuned one's, near 0 where the base lacks it; `null` of other kinds. */
  readonly errorRatio: number | null;
}

/** A sparse dictionary of what tuning changed in the activations of one site. */
export interface ChangeDictionary {
  readonly name: string;
  /** What it is trained on, in a sentence. */
  readonly description: string;
  readonly dSae: number;
  /** On rows that it was not trained on. */
  readonly explainedVariance: number;
  readonly l0: number;
  readonly alive: number;
  /** By size, largest first. */
  readonly features: readonly ChangeFeature[];
  /** Each feature's change of the activations at its mean activation where it is active, tuned minus base, `[dSae, width]`. */
  readonly vectors: Matrix;
  /** Mean reconstructed difference where each word follows, `[words, width]`; over all rows for one that never does. */
  readonly beforeWords: Matrix;
}

export interface ChangeDictionaryOptions {
  readonly site: Site;
  readonly dSae: number;
  readonly seed: number;
  /** `[rows]`: index of the word of interest that follows each row, -1 for none. */
  readonly follows: Int32Array;
  /** Number of words. */
  readonly words: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Trains dictionaries of what tuning changed on both models' activations of the same tokens. */
export interface ChangeDictionaries {
  readonly name: string;
  /** Everything that shapes the result besides the call's options, for hashing. */
  readonly settings: Readonly<Record<string, unknown>>;
  train(
    base: ActivationStore,
    tuned: ActivationStore,
    options: ChangeDictionaryOptions,
  ): Promise<readonly ChangeDictionary[]>;
}
