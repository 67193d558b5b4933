import type { PairAccuracy } from './pair-accuracy.ts';
import type { Weight } from './weights-with-errors.ts';

/** What the preference data and the tuned model each say about one word. */
export interface PairWord {
  readonly token: number;
  /** Number of pairs whose replies differ in how often it occurs. */
  readonly n: number;
  /** Log-odds (nats) of being chosen per additional occurrence, in the data. */
  readonly inData: Weight;
  /** Implicit margin (nats) per additional occurrence. */
  readonly learned: Weight;
  /** Learned weight predicted from the weight in the data. */
  readonly expected: number;
  /** Standardised difference, positive if more was learned than the data predict. */
  readonly score: number;
  /** Two-sided. */
  readonly p: number;
  readonly q: number;
  readonly flagged: boolean;
  /** Share of the flagged pairs' contradiction that the word carries; null if no pair is flagged. */
  readonly carries: number | null;
}

/** One pair's implicit margin compared with its label. */
export interface PairFinding {
  /** Implied reward of the chosen reply minus that of the rejected one, nats. */
  readonly margin: number;
  readonly chosenReward: number;
  readonly rejectedReward: number;
  /** Log-probability of the chosen reply minus that of the rejected one under the base, nats. */
  readonly basePreference: number;
  /** Tokens of the chosen reply minus those of the rejected one. */
  readonly lengthDifference: number;
  /** Log-odds of the label given the words, fitted on other prompts' pairs. */
  readonly inData: number;
  /** Margin given the words, fitted on other prompts' pairs, nats. */
  readonly learned: number;
  /** Larger means that it contradicts the label more. */
  readonly score: number;
  readonly p: number;
  readonly q: number;
  readonly flagged: boolean;
  /** Tokens that contribute most to the contradiction, strongest first. */
  readonly words: readonly number[];
}

export interface PreferenceAnalysis {
  readonly accuracies: readonly PairAccuracy[];
  /** Each scorer's score of each pair, by the scorer's name: positive prefers the chosen reply. */
  readonly scores: Readonly<Record<string, readonly number[]>>;
  /** Strongest difference between data and learned first. */
  readonly words: readonly PairWord[];
  /** In the order given. */
  readonly pairs: readonly PairFinding[];
  /** Share of the margins' variance that the words explain in pairs of other prompts. */
  readonly explained: number | null;
}
