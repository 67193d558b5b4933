import type { Matrix, Part } from '@feedprint/core';
import type { StatedLine, WordEstimate } from '../discrepancies.ts';
import type { MixtureParameters } from '../reversals/mixture.ts';
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
   * Index of the word in each version, ignoring case. Indices beyond those of the scored words belong to words that the
   * tokenizer splits; equal indices mean equal words.
   */
  readonly word: Int32Array;
}

/** What is known of the words from the models' probabilities and the texts: words in rows, always in the same order. */
export interface WordInput {
  readonly words: readonly WordEvidence[];
  /** What can be known without any model. */
  readonly text: {
    /** Bag of words around each word. */
    readonly bag: Matrix;
    /** Lengths of the word and of its texts, and how often it occurs in them. */
    readonly length: Matrix;
  };
  readonly seed: number;
}

/** What is known of the words once there are dictionaries. */
export interface EstimationInput extends WordInput {
  /** Number of occurrences of each word whose features and activations are averaged. */
  readonly averaged: ArrayLike<number>;
  /** Mean SAE features of each word's occurrences, `[words, features]`. */
  readonly features: {
    readonly tuned: Matrix;
    readonly base: Matrix;
    /** From randomised SAEs of the same sparsity on the tuned model. */
    readonly random: Matrix;
    /** From the tuned model's SAEs on a model whose weights were drawn at random; `null` if there is none. */
    readonly untrained: Matrix | null;
  };
  /** Mean activations of each word's occurrences, without an SAE, `[words, units]`. */
  readonly activations: {
    readonly tuned: Matrix;
    readonly base: Matrix;
    readonly untrained: Matrix | null;
  };
  readonly contrast: {
    readonly tuned: ContrastEvidence;
    readonly base: ContrastEvidence;
    /** From randomised SAEs on the tuned model. */
    readonly random: ContrastEvidence;
    /** From the tuned model's SAEs on an untrained model. */
    readonly untrained: ContrastEvidence | null;
  };
}

/** A figure for every word, with its uncertainty. */
export interface WordFigures {
  /** One per word; NaN where there is none. */
  readonly estimates: ArrayLike<number>;
  /** 95 % interval of each; `null` if undefined. */
  readonly intervals: readonly (Interval | null)[];
  /** Number of occurrences that each is based on. */
  readonly n: ArrayLike<number>;
}

/** The same estimate, made from something that cannot reflect what was learned. */
export interface ControlEstimate extends WordFigures {
  readonly control: string;
  readonly description: string;
  /** Stated feedback to compare with, if the control changes it. */
  readonly stated?: ArrayLike<number>;
}

export interface EstimatorResult extends WordFigures {
  readonly estimator: string;
  readonly description: string;
  /** How far each word contradicts, if the estimator can judge this better than `AuditStatistics.contradictions`. */
  readonly contradictions?: readonly Contradiction[];
  /** The line that `contradictions` were judged by, if it was one. */
  readonly line?: StatedLine;
  /** The mixture by which `contradictions` were flagged, if it was one. */
  readonly mixture?: MixtureParameters;
}

interface EstimatorReading<Reads extends string, Input> extends Part {
  /** What it reads decides when its words are known: before any dictionary is trained, or after. */
  readonly reads: Reads;
  estimate(input: Input): EstimatorResult;
  /** What `estimate` is to be compared with. */
  controls(input: Input): readonly ControlEstimate[];
}

/** Reads the models' probabilities alone. */
export type ProbabilityEstimator = EstimatorReading<'probabilities', WordInput>;
/** Reads features of dictionaries or activations. */
export type FeatureEstimator = EstimatorReading<'features', EstimationInput>;
/** Estimates the learned feedback of every word. */
export type FeedbackEstimator = ProbabilityEstimator | FeatureEstimator;
