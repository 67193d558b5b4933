import type { PreferencePair } from './feedback.ts';
import type { Matrix } from '../matrix.ts';
import type { ReadFile } from './texts.ts';
import type { AgreementInterval, AgreementMeasure, Interval } from './probe.ts';

/** A pair as its file has it, with what the file says for judging an audit by: no estimate may read that. */
export interface PairRecord extends PreferencePair {
  /** Its row in the file, from 0, where rows before it were left out. */
  readonly row?: number;
  /** Which part of the data the pair belongs to, such as `train`. */
  readonly split?: string;
  /** Whether the tuner's label was the stated one (`trained_label_agrees`); known for planted pairs alone. */
  readonly trainedLabelAgrees?: boolean;
}

export interface PairFile extends ReadFile {
  readonly pairs: readonly PairRecord[];
}

/** One reply's tokens and what both models say of them, given the prompt: three arrays of one length. */
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
  /** `probe` reads the tuned model; `control` cannot know what was learned. */
  readonly role: 'probe' | 'control';
  /** Mean over the chosen reply's tokens minus mean over the rejected one's, `[pairs, features]`; no prompt, no padding. */
  readonly difference: Matrix;
}

export interface PreferenceInput {
  /** Number of each pair's prompt: pairs of one prompt stay together in folds and in resamples. */
  readonly prompts: Int32Array;
  readonly chosen: readonly ReplyEvidence[];
  readonly rejected: readonly ReplyEvidence[];
  readonly features: readonly PairFeatures[];
  /** Accuracies are also given for each of these sets of pairs. */
  readonly splits: ReadonlyMap<string, Int32Array>;
  readonly seed: number;
}

/** How one scorer's advantage over a control stands. */
export interface ControlComparison {
  readonly control: string;
  /** Accuracy of the scorer minus that of the control, on the same pairs. */
  readonly difference: number;
  /** Paired bootstrap over prompts. */
  readonly interval: AgreementInterval | null;
  /** The interval does not lie above 0: the control does as well. */
  readonly matched: boolean;
}

/** How often one way of scoring replies prefers the reply that the label prefers. */
export interface PairAccuracy {
  readonly scorer: string;
  readonly description: string;
  readonly role: 'learned' | 'probe' | 'control';
  /** Set of pairs; `all` is every one. */
  readonly split: string;
  /** Share of pairs with a positive difference, ties counting half. */
  readonly accuracy: AgreementMeasure;
  /** Probability that a label's own reply is scored further ahead than the other reply of any pair. */
  readonly auroc: number | null;
  /** Against every control; empty for controls. */
  readonly comparisons: readonly ControlComparison[];
}

/** A coefficient with its uncertainty. */
export interface Weight {
  readonly value: number;
  readonly standardError: number;
  /** 95 % interval. */
  readonly interval: Interval;
}

/** What the preference data and the tuned model each say about one word. */
export interface PairWord {
  readonly token: number;
  /** Pairs whose replies differ in how often they hold it. */
  readonly n: number;
  /** Log-odds (nats) of being chosen per occurrence more, in the data. */
  readonly inData: Weight;
  /** Implicit margin (nats) per occurrence more. */
  readonly learned: Weight;
  /** Learned weight that the weight in the data predicts. */
  readonly expected: number;
  /** Standardised difference, positive where more was learned than the data predict. */
  readonly score: number;
  /** Two-sided. */
  readonly p: number;
  readonly q: number;
  readonly flagged: boolean;
  /** Share of the contradiction of the contradicting pairs that the word carries; null when no pair is flagged. */
  readonly carries: number | null;
}

/** One pair's implicit margin against its label. */
export interface PairFinding {
  /** Implied reward of the chosen reply minus that of the rejected one, nats. */
  readonly margin: number;
  readonly chosenReward: number;
  readonly rejectedReward: number;
  /** Log-probability of the chosen reply minus that of the rejected one under the base, nats. */
  readonly basePreference: number;
  /** Tokens of the chosen reply minus those of the rejected one. */
  readonly lengthDifference: number;
  /** Log-odds of the label by the words, from other prompts' pairs. */
  readonly inData: number;
  /** Margin by the words, from other prompts' pairs, nats. */
  readonly learned: number;
  /** Larger: contradicts the label more. */
  readonly score: number;
  readonly p: number;
  readonly q: number;
  readonly flagged: boolean;
  /** Tokens on which the contradiction turns most, strongest first. */
  readonly words: readonly number[];
}

export interface PreferenceAnalysis {
  readonly accuracies: readonly PairAccuracy[];
  /** What each scorer, by name, gives each pair: positive prefers the chosen reply. */
  readonly scores: Readonly<Record<string, readonly number[]>>;
  /** Strongest difference between told and learned first. */
  readonly words: readonly PairWord[];
  /** In the order given. */
  readonly pairs: readonly PairFinding[];
  /** Share of the variance of the margins that the words explain in pairs of other prompts. */
  readonly explained: number | null;
}

/** How well the findings tell which labels the tuner turned round: evaluation alone. */
export interface PairTruth {
  readonly split: string;
  readonly n: number;
  readonly turned: number;
  /** AUROC of the contradiction score, of the margin alone and of the words' part, against the turned labels. */
  readonly auroc: number | null;
  readonly aurocOfMargin: number | null;
  readonly aurocOfWords: number | null;
  readonly flagged: number;
  /** Share of the flagged pairs whose label was turned. */
  readonly precision: number | null;
  /** Share of the turned pairs that are flagged. */
  readonly recall: number | null;
  /** Accuracy of the margin on the labels that the tuner used. */
  readonly accuracyOnTrained: number | null;
}

/** The statistics of preference data, swappable as a whole. */
export interface PreferenceStatistics {
  analyse(input: PreferenceInput): PreferenceAnalysis;
  /** `agrees`: per pair, whether the tuner used the stated label. */
  evaluate(
    pairs: readonly PairFinding[],
    agrees: readonly (boolean | undefined)[],
    splits: ReadonlyMap<string, Int32Array>,
  ): readonly PairTruth[];
}
