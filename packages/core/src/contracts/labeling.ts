import type { z } from 'zod';
import type { ChatTurn } from './feedback.ts';
import type { Part } from './part.ts';

/** One window of text around an activation. */
export interface ActivationExample {
  readonly tokens: readonly string[];
  /** One per token, >= 0. */
  readonly activations: readonly number[];
  /** How it was found: `top`, `quantile`, `random`, `neighbour`, `similar`. */
  readonly kind?: string;
}

/** What a labeler may see of one feature. Examples to explain, to choose by and to score come from different texts. */
export interface FeatureEvidence {
  readonly id: string;
  /** Activating windows, to explain. */
  readonly top: readonly ActivationExample[];
  /** Other activating windows, for scoring only. */
  readonly heldOutActive: readonly ActivationExample[];
  /** Windows on which the feature is silent, for scoring only. */
  readonly heldOutSilent: readonly ActivationExample[];
  /** Further windows, for choosing among explanations before one is scored. */
  readonly selection?: {
    readonly active: readonly ActivationExample[];
    readonly silent: readonly ActivationExample[];
  };
  /** Silent windows that an explanation may be told apart from. */
  readonly contrast?: readonly ActivationExample[];
  /** Largest activation seen. */
  readonly maxActivation: number;
  /** Of the texts that the windows were drawn from. */
  readonly statistics?: ActivationStatistics;
}

/** Moments of activations over all tokens, silent ones included. */
export interface ActivationStatistics {
  readonly tokens: number;
  /** Share of the tokens on which the feature is active. */
  readonly density: number;
  readonly mean: number;
  readonly variance: number;
  /** Null where nothing varies. */
  readonly skewness: number | null;
  /** Fourth central moment over the squared variance; null where nothing varies. */
  readonly kurtosis: number | null;
}

export interface Classification {
  readonly related: boolean;
  /** In [0, 1]. */
  readonly confidence: number;
}

export interface ExplanationScore {
  /** Mean of sensitivity and specificity over the held-out windows; 0.5 is chance. */
  readonly balancedAccuracy: number;
  readonly n: number;
}

/** How far activations that are simulated from an explanation go with the true ones (Bills et al. 2023). */
export interface SimulationScore {
  /** Pearson's, over all tokens of the held-out windows, in [-1, 1]. */
  readonly correlation: number;
  /** Number of tokens. */
  readonly n: number;
}

/** Explains features, classifies the explanations and tests them. `undefined` means that there was no usable answer. */
export interface Labeler extends Part {
  explain(evidence: FeatureEvidence): Promise<string | undefined>;
  /** `question` is a yes-or-no question: "is this feature about sentiment?" */
  classify(explanation: string, question: string): Promise<Classification | undefined>;
  /** Detection: which held-out windows does the explanation say are active? */
  score(explanation: string, evidence: FeatureEvidence): Promise<ExplanationScore | undefined>;
  /** Fuzzing: in which held-out windows are the marked tokens those that the explanation says are active? */
  fuzz?(explanation: string, evidence: FeatureEvidence): Promise<ExplanationScore | undefined>;
  /** Simulation: how active does the explanation say that each held-out token is? */
  simulate?(explanation: string, evidence: FeatureEvidence): Promise<SimulationScore | undefined>;
}

export interface ChatMessage extends ChatTurn {
  readonly role: 'system' | 'user' | 'assistant';
}

/** A token that a chat model wrote, with what it could have written in its place. */
export interface WrittenToken {
  readonly token: string;
  /** The likeliest tokens, mostly the written one among them, with natural log-probabilities. */
  readonly likely: readonly { readonly token: string; readonly logProbability: number }[];
}

/** A chat endpoint that answers in JSON. */
export interface ChatModel {
  readonly name: string;
  /** Throws `service-failed` when the server cannot be reached or refuses; `undefined` when the answer does not fit `schema`. */
  complete<T>(messages: readonly ChatMessage[], schema: z.ZodType<T>): Promise<T | undefined>;
  /** An answer in plain text, token by token; `undefined` where the server gives no log-probabilities. Absent where none does. */
  write?(messages: readonly ChatMessage[]): Promise<readonly WrittenToken[] | undefined>;
}
