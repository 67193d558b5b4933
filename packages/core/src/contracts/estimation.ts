import type { Matrix } from '../matrix.ts';
import type { Agreement, WordDiscrepancy, WordEstimate } from './probe.ts';

/** Everything that was measured about one scored word. */
export interface WordEvidence extends WordEstimate {
  /** Mean log-probability (nats) under the base model where the word stands. */
  readonly baseLogProb: number;
  /** Log-ratio at each text that holds the word: the clusters of the bootstrap. */
  readonly perText: Float64Array;
}

/** Contrastive triples as features at their target tokens. */
export interface ContrastEvidence {
  /** Concatenated SAE features of each non-neutral version, `[versions, features]`. */
  readonly features: Matrix;
  /** Signed distance to the neutral version, positive for positive versions (paper, section 3.4). */
  readonly distance: Float64Array;
  /** Index of the word that stands in each version. */
  readonly word: Int32Array;
}

/** What estimators work on: words in rows, in one order throughout. */
export interface EstimationInput {
  readonly words: readonly WordEvidence[];
  /** Mean SAE features of each word's occurrences, `[words, features]`. */
  readonly features: {
    readonly tuned: Matrix;
    readonly base: Matrix;
    /** Of randomised SAEs of the same sparsity on the tuned model. */
    readonly random: Matrix;
  };
  readonly contrast: ContrastEvidence;
  readonly seed: number;
}

/** The same estimate, made from something that cannot know what was learned. */
export interface ControlEstimate {
  readonly control: string;
  readonly description: string;
  readonly estimates: ArrayLike<number>;
  /** Stated feedback to compare with, where the control changes it. */
  readonly stated?: ArrayLike<number>;
}

export interface EstimatorResult {
  readonly estimator: string;
  readonly description: string;
  /** One per word; NaN where the estimator says nothing. */
  readonly estimates: ArrayLike<number>;
  readonly controls: readonly ControlEstimate[];
}

/** Estimates the learned feedback of every word. */
export interface FeedbackEstimator {
  readonly name: string;
  estimate(input: EstimationInput): EstimatorResult;
}

/** How features carry an estimate: a linear map from features to it. */
export interface Attribution {
  /** Change of the estimate per standard deviation of each feature, `[features]`. */
  readonly weights: Float64Array;
  /** Contribution of each feature to each word's estimate, about the mean word, `[words, features]`. */
  readonly contributions: Matrix;
}

export interface Enrichment {
  readonly oddsRatio: number | null;
  readonly p: number | null;
}

/** The statistics that an audit needs, swappable as a whole. */
export interface AuditStatistics {
  /** Agreement over words with bootstrap intervals; words whose estimate is NaN are left out. */
  agreement(estimates: ArrayLike<number>, stated: ArrayLike<number>, seed: number): Agreement;
  /** Scores every word by how much its estimate contradicts the stated feedback. Same order as given. */
  discrepancies(words: readonly WordEstimate[]): readonly (WordDiscrepancy & { readonly expected: number })[];
  /** Attributes estimates to features. */
  attribute(features: Matrix, estimates: ArrayLike<number>): Attribution;
  /** Odds ratio and Fisher's exact p (one-sided, greater) of a 2 x 2 table [[a, b], [c, d]]. */
  enrichment(table: readonly [readonly [number, number], readonly [number, number]]): Enrichment;
  /** Mean and 95 % bootstrap interval. */
  mean(values: ArrayLike<number>, seed: number): { value: number; low: number; high: number };
}
