import type { Matrix } from '../matrix.ts';

/** A fitted or unfitted map from features to a number per row. */
export interface Probe {
  readonly name: string;
  /** `x` `[rows, columns]`, `y` one target per row. Throws `numbers-invalid` for a constant or empty target. */
  fit(x: Matrix, y: ArrayLike<number>): void;
  /** One prediction per row. */
  predict(x: Matrix): Float64Array;
  /** One weight per column of the fitted `x`: change of the prediction per standard deviation of the column. */
  readonly weights: Float64Array;
  toJSON(): unknown;
}

/** A figure with its uncertainty. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** What a bootstrap interval was read from, where it was kept: a run's tables hold it. */
  readonly bootstrap?: BootstrapTrace;
}

/** The bounds are the quantiles of `values` at `levels`, linear between neighbours (Hyndman and Fan's type 7). */
export interface BootstrapTrace {
  readonly levels: readonly [number, number];
  /** The figure over each resample that defines it. */
  readonly values: readonly number[];
}

/** The estimate of what the tuned model learned about one word. */
export interface WordEstimate {
  readonly word: string;
  readonly token: number;
  readonly stated: number;
  /** Learned feedback, in the stated feedback's units. */
  readonly estimate: number;
  /** 95 % interval. */
  readonly interval: Interval;
  /** Standard error of the estimate from the sampling of texts. */
  readonly standardError: number;
  /** Occurrences in the texts. */
  readonly n: number;
  /** Occurrences that the base model expects, given the contexts: sum of its probabilities of the word. */
  readonly expectedCount: number;
}

/** How far an estimate contradicts the stated feedback. */
export interface Contradiction {
  /** Estimate that the stated feedback predicts. */
  readonly expected: number;
  /** Larger: contradicts the stated feedback more. */
  readonly score: number;
  /** One-sided p-value of the contradiction. */
  readonly p: number;
  /** Benjamini-Hochberg adjusted `p`. */
  readonly q: number;
  readonly flagged: boolean;
}

/** What a word was estimated at, held against what the stated feedback and the word's frequency predict. */
export interface WordDiscrepancy extends WordEstimate, Contradiction {}

/** A 95 % bootstrap interval over words, and how it was made. */
export interface AgreementInterval extends Interval {
  /** `percentile` where the bias correction or the acceleration of BCa is not defined. */
  readonly method: 'bca' | 'percentile';
}

export interface AgreementMeasure {
  /** `null` where the data do not define it (constant values, one class, n < 3). */
  readonly value: number | null;
  readonly interval: AgreementInterval | null;
  readonly n: number;
}

/** How well an estimate agrees with the stated feedback over words. */
export interface Agreement {
  /** Kendall's tau-b on values. */
  readonly tauB: AgreementMeasure;
  readonly spearman: AgreementMeasure;
  readonly pearson: AgreementMeasure;
  /** Share of words whose estimate has the stated sign. */
  readonly signAccuracy: AgreementMeasure;
  /** Probability that a positive word's estimate exceeds a negative one's. */
  readonly auroc: AgreementMeasure;
}

/** How much better one estimate agrees than another one, over the words that both have. */
export interface AgreementAdvantage {
  /** Difference of the two figures; `null` where either is not defined. */
  readonly value: number | null;
  /** From resamples of the words that both figures share. */
  readonly interval: AgreementInterval | null;
  /** The interval does not lie above 0: the other one does as well, for all that can be told. `null` without an interval. */
  readonly matched: boolean | null;
}

/** `AgreementAdvantage` of each measure. */
export type AgreementAdvantages = Readonly<Record<keyof Agreement, AgreementAdvantage>>;
