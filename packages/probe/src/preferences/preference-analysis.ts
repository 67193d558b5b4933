import type { PairAccuracy } from './pair-accuracy.ts';
import type { Weight } from './weights-with-errors.ts';

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
