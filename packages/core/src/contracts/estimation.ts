import type { Matrix } from '../matrix.ts';
import type {
  Agreement,
  AgreementAdvantages,
  Contradiction,
  Interval,
  WordDiscrepancy,
  WordEstimate,
} from './probe.ts';
import type { ReplyDiscrepancies, ReplyMeasure } from './replies.ts';

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

/** Positions that predict a word, seen through one site of both models; matrices have a row per position. */
export interface ChangeEvidence {
  /** Of log p_tuned(word) (nats) with respect to the tuned model's activation, `[positions, width]`. */
  readonly gradient: Matrix;
  /** `[positions, width]` */
  readonly activations: { readonly tuned: Matrix; readonly base: Matrix };
  /** Both encoded by the same SAE, `[positions, dSae]`. */
  readonly features: { readonly tuned: Matrix; readonly base: Matrix };
  /** The SAE's decoder, `[dSae, width]`. */
  readonly wDec: Matrix;
  /** Index of the word that each position predicts. */
  readonly word: Int32Array;
  /** Number of words. */
  readonly words: number;
}

/** How the changes of features move the log-probability of words, to first order, nats; means over each word's positions. */
export interface ChangeAttribution {
  /** `[words, dSae]`; 0 for words without positions. */
  readonly contributions: Matrix;
  /** Through the whole change of the site, per word: the sum of its contributions and `error`. */
  readonly total: Float64Array;
  /** Through what the SAE does not reconstruct, per word. */
  readonly error: Float64Array;
  /** Positions of each word. */
  readonly n: Int32Array;
}

/** How far a feature pushes the words that were learned against their stated feedback, against it. */
export interface FeatureDiscrepancy {
  /** Mean over those words, relative to how much features contribute to each of them. */
  readonly push: number;
  /** The same over other words of like frequency. */
  readonly expected: number;
  /** Their difference in standard deviations over draws of words. */
  readonly score: number;
  readonly p: number;
  /** Benjamini-Hochberg adjusted `p`. */
  readonly q: number;
  readonly flagged: boolean;
  /** Indices of those words that it does push against their feedback, furthest first. */
  readonly words: readonly number[];
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

/** Estimates, NaN where there is none, and what they are judged by; one each per word. */
export interface Judged {
  readonly estimates: ArrayLike<number>;
  readonly stated: ArrayLike<number>;
}

export interface Comparison {
  readonly agreement: Agreement;
  /** In the controls' order. */
  readonly controls: readonly {
    readonly agreement: Agreement;
    /** Estimator minus control. */
    readonly advantage: AgreementAdvantages;
  }[];
}

/**
 * What stated feedback predicts of an estimate: the sum of coefficient times term over the terms 1, stated, stated x l and l,
 * with l = log(expected count / 20).
 */
export interface StatedLine {
  readonly coefficients: readonly [number, number, number, number];
  /** Robust spread of frequent words about the line, nats. */
  readonly spread: number;
}

/** The statistics that an audit needs, swappable as a whole. */
export interface AuditStatistics {
  /** Learned feedback of each word, in nats, from expected counts; with its standard error over texts. */
  impliedReward(counts: ExpectedCounts): readonly ImpliedReward[];
  /** Agreement over words with bootstrap intervals; words whose estimate is NaN are left out. */
  agreement(estimates: ArrayLike<number>, stated: ArrayLike<number>, seed: number): Agreement;
  /** Agreement of an estimator and of each control, as `agreement`, and the estimator's advantage over each. */
  compare(estimator: Judged, controls: readonly Judged[], seed: number): Comparison;
  /** As `discrepancies`, from estimates alone; `null` where an estimate is NaN. */
  contradictions(
    estimates: ArrayLike<number>,
    stated: ArrayLike<number>,
  ): readonly (Contradiction | null)[];
  /** Scores every word by how much its estimate contradicts the stated feedback. Same order as given. */
  discrepancies(words: readonly WordEstimate[]): readonly WordDiscrepancy[];
  /** The line that `discrepancies` judges by; `undefined` where the words are too few for one. */
  statedLine(words: readonly WordEstimate[]): StatedLine | undefined;
  /** Scores whole texts by how far their reward departs from what stated feedback and length predict; `undefined` of too few. */
  replies(replies: readonly ReplyMeasure[]): ReplyDiscrepancies | undefined;
  /**
   * Attributes shifts to features: `features` `[positions, features]` where a word is predicted, `shift`
   * `[positions, words]` the tuned model's probability of each word there minus the base's.
   */
  attribute(features: Matrix, shift: Matrix): Attribution;
  /** Attributes the change of words' log-probabilities to the changes of a site's features. */
  attributeChange(evidence: ChangeEvidence): ChangeAttribution;
  /** Scores every feature by how it goes with the words that were learned against; `contributions` `[words, features]`. */
  featureDiscrepancies(
    contributions: Matrix,
    words: readonly WordDiscrepancy[],
    seed: number,
  ): readonly FeatureDiscrepancy[];
  /** Odds ratio and Fisher's exact p (one-sided, greater) of a 2 x 2 table [[a, b], [c, d]]. */
  enrichment(table: readonly [readonly [number, number], readonly [number, number]]): Enrichment;
  /** Mean and 95 % bootstrap interval. */
  mean(values: ArrayLike<number>, seed: number): { value: number; interval: Interval };
}
