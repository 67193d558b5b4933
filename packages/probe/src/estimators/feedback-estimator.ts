import type { Matrix, Part } from '@feedprint/core';
import type { StatedLine, WordEstimate } from '../discrepancies.ts';
import type { Contradiction } from '../residual-contradictions.ts';
import type { Interval } from '../statistics/interval.ts';

/** Everything that was measured about one scored word. */
export interface WordEvidence extends WordEstimate {
  /** Log of the base model's mean probability of the word, nats. */
  readonly baseLogProb: number;
}

/** Contrastive triples as features at their target tokens. */
export interface ContrastEvidence {
  /** Concatenated SAE features, or reconstructions, of each non-neutral version, `[versions, features]`. */
  readonly features: Matrix;
  /** Signed distance to the neutral version, positive for positive versions (paper, section 3.4). */
  readonly distance: Float64Array;
  /**
   * Index of the word that stands in each version, whatever its case. Indices beyond those of the scored words are of words that
   * the tokenizer splits; equal ones are of equal words.
   */
  readonly word: Int32Array;
}

/** What estimators work on: words in rows, in one order throughout. */
export interface EstimationInput {
  readonly words: readonly WordEvidence[];
  /** Occurrences of each word whose features and activations are averaged. */
  readonly averaged: ArrayLike<number>;
  /** Mean SAE features of each word's occurrences, `[words, features]`. */
  readonly features: {
    readonly tuned: Matrix;
    readonly base: Matrix;
    /** Of randomised SAEs of the same sparsity on the tuned model. */
    readonly random: Matrix;
    /** Of the tuned model's SAEs on a model whose weights were drawn at random; `null` where there is none. */
    readonly untrained: Matrix | null;
  };
  /** Mean activations of each word's occurrences as they are, no SAE, `[words, units]`. */
  readonly activations: {
    readonly tuned: Matrix;
    readonly base: Matrix;
    readonly untrained: Matrix | null;
  };
  /** What can be known without any model. */
  readonly text: {
    /** Bag of the words around each word. */
    readonly bag: Matrix;
    /** Lengths of the word and of its texts, and how often it stands there. */
    readonly length: Matrix;
  };
  readonly contrast: {
    readonly tuned: ContrastEvidence;
    readonly base: ContrastEvidence;
    /** By randomised SAEs on the tuned model. */
    readonly random: ContrastEvidence;
    /** By the tuned model's SAEs on an untrained model. */
    readonly untrained: ContrastEvidence | null;
  };
  readonly seed: number;
}

/** One figure for every word, with its uncertainty. */
export interface WordFigures {
  /** One per word; NaN where there is none. */
  readonly estimates: ArrayLike<number>;
  /** 95 % interval of each; `null` where none is defined. */
  readonly intervals: readonly (Interval | null)[];
  /** Occurrences that each rests on. */
  readonly n: ArrayLike<number>;
}

/** The same estimate, made from something that cannot know what was learned. */
export interface ControlEstimate extends WordFigures {
  readonly control: string;
  readonly description: string;
  /** Stated feedback to compare with, where the control changes it. */
  readonly stated?: ArrayLike<number>;
}

export interface EstimatorResult extends WordFigures {
  readonly estimator: string;
  readonly description: string;
  /** How far each word contradicts, where the estimator knows better than `AuditStatistics.contradictions`. */
  readonly contradictions?: readonly Contradiction[];
  /** The line that `contradictions` were judged by, if it was one. */
  readonly line?: StatedLine;
  readonly controls: readonly ControlEstimate[];
}

/** Estimates the learned feedback of every word. */
export interface FeedbackEstimator extends Part {
  estimate(input: EstimationInput): EstimatorResult;
}
