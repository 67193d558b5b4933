import type { Matrix } from '@feedprint/core';

/** One reply's tokens and both models' log-probabilities of them, given the prompt: three arrays of equal length. */
export interface ReplyEvidence {
  readonly tokens: Int32Array;
  /** Log-probability of each token under the base model, nats. */
  readonly base: Float32Array;
  readonly tuned: Float32Array;
}

/** Features of each pair's replies. */
export interface PairFeatures {
  readonly name: string;
  readonly description: string;
  /** `probe` reads the tuned model; `control` cannot reflect what was learned. */
  readonly role: 'probe' | 'control';
  /**
   * Mean over the chosen reply's tokens minus mean over the rejected one's, `[pairs, features]`; without prompt and
   * padding.
   */
  readonly difference: Matrix;
}

export interface PreferenceInput {
  /** Number of each pair's prompt: pairs of one prompt stay together in folds and in resamples. */
  readonly prompts: Int32Array;
  readonly chosen: readonly ReplyEvidence[];
  readonly rejected: readonly ReplyEvidence[];
  /** Accuracies are also given for each of these sets of pairs. */
  readonly splits: ReadonlyMap<string, Int32Array>;
  readonly seed: number;
}

export interface PreferenceOptions {
  /** Bootstrap resamples per interval. */
  readonly resamples: number;
}
