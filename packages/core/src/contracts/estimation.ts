import type { Matrix } from '../matrix.ts';
import type { Agreement, Interval, WordDiscrepancy, WordEstimate } from './probe.ts';

/** Everything that was measured about one scored word. */
export interface WordEvidence extends WordEstimate {
  /** Log of the base model's mean probability of the word, nats. */
  readonly baseLogProb: number;
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
    /** What can be known without any model: bag of the words around it, length, frequency. */
    readonly text: Matrix;
  };
  readonly contrast: { readonly tuned: ContrastEvidence; readonly base: ContrastEvidence };
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

/** How features carry what tuning changed: a linear map from the features at a position to the shift of what follows. */
export interface Attribution {
  /** Part of each word's mean shift of probability that goes with each feature, `[words, features]`. */
  readonly contributions: Matrix;
  /** Share of the variance of the shifts that the features explain. */
  readonly explained: number;
}

export interface Enrichment {
  readonly oddsRatio: number | null;
  readonly p: number | null;
}

/** Expected counts of the scored words in each text, `[texts, words]`, under base and tuned model. */
export interface ExpectedCounts {
  readonly base: Matrix;
  readonly tuned: Matrix;
}

/** How much more probable tuning made a word, in nats. */
export interface ImpliedReward {
  readonly estimate: number;
  readonly standardError: number;
  readonly interval: Interval;
  readonly expectedCount: number;
}

/** The statistics that an audit needs, swappable as a whole. */
export interface AuditStatistics {
  /** Learned feedback of each word, in nats, from expected counts; with its standard error over texts. */
  impliedReward(counts: ExpectedCounts): readonly ImpliedReward[];
  /** Agreement over words with bootstrap intervals; words whose estimate is NaN are left out. */
  agreement(estimates: ArrayLike<number>, stated: ArrayLike<number>, seed: number): Agreement;
  /** Scores every word by how much its estimate contradicts the stated feedback. Same order as given. */
  discrepancies(words: readonly WordEstimate[]): readonly WordDiscrepancy[];
  /**
   * Attributes shifts to features: `features` `[positions, features]` where a word is predicted, `shift`
   * `[positions, words]` the tuned model's probability of each word there minus the base's.
   */
  attribute(features: Matrix, shift: Matrix): Attribution;
  /** Odds ratio and Fisher's exact p (one-sided, greater) of a 2 x 2 table [[a, b], [c, d]]. */
  enrichment(table: readonly [readonly [number, number], readonly [number, number]]): Enrichment;
  /** Mean and 95 % bootstrap interval. */
  mean(values: ArrayLike<number>, seed: number): { value: number; low: number; high: number };
}
