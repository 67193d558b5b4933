import type { Matrix } from '../matrix.ts';
import type { ActivationStore, Provenance } from './activation-store.ts';
import type { LanguageModel, Site, TokenRows } from './language-model.ts';

/** Sums over positions, one entry per vocabulary token. */
export interface VocabularySums {
  /** Of p_tuned log(p_tuned / p_base). */
  readonly kl: Float64Array;
  readonly base: Float64Array;
  readonly tuned: Float64Array;
}

/** Norms of differences, by vocabulary token. */
export interface NormSums {
  /** `[vocabulary]` */
  readonly norm: Float64Array;
  readonly count: Int32Array;
}

/** Sums over rows of differences. */
export interface SecondMoments {
  readonly rows: number;
  /** `[width]` */
  readonly sum: Float64Array;
  /** Sums of products of columns, `[width, width]`. */
  readonly products: Float64Array;
}

/** What tuning changed in the activations of one site, tuned minus base at the same positions. */
export interface SiteDifferences {
  readonly rows: number;
  /** Mean norm of the difference. */
  readonly meanL2: number;
  /** Norm of all differences divided by that of all of the base's rows; 0 for a base of zeros. */
  readonly relativeL2: number;
  readonly meanCosine: number;
  /** Mean norm of the base's rows. */
  readonly baseNorm: number;
  /** Mean row of the base and of the difference, `[width]`. */
  readonly baseMean: Float32Array;
  readonly meanDifference: Float32Array;
  /** By the token that stands at a position, and by the one that follows it. */
  readonly on: NormSums;
  readonly before: NormSums;
  /** Only of sites for which details were asked. */
  readonly details?: {
    /** Absent where they were not wanted. */
    readonly moments?: SecondMoments;
    /** Mean difference where each word of interest follows, `[words, width]`; the mean over all rows for one that never does. */
    readonly beforeWords: Matrix;
  };
}

/** How tuning changed what a model says next and what goes on in it, on texts; without any labels. */
export interface ModelChanges {
  /** Where each measured position stands, and the token there. */
  readonly places: Provenance;
  /** KL(tuned || base) of the next-token distributions at each position, nats. */
  readonly kl: Float64Array;
  /** KL(base || tuned). */
  readonly reverseKl: Float64Array;
  /** The token with the largest part of each position's `kl`: what tuning made more probable there. */
  readonly gained: Int32Array;
  readonly vocabulary: VocabularySums;
  /** In the order of the sites asked for. */
  readonly sites: ReadonlyMap<Site, SiteDifferences>;
}

/** The rows of one batch, the same of both models. */
export interface PairedRows extends Provenance {
  readonly base: ReadonlyMap<Site, Matrix>;
  readonly tuned: ReadonlyMap<Site, Matrix>;
}

export interface MeasureChangesOptions {
  readonly sites: readonly Site[];
  /** Sites of which details are kept. Default none. */
  readonly detailed?: readonly Site[];
  /** Whether details hold second moments: width squared more work per position. Default true. */
  readonly moments?: boolean;
  /** Tokens of interest, for `beforeWords`. Default none. */
  readonly words?: ArrayLike<number>;
  /** Given the rows of all sites, batch by batch, to keep them. */
  readonly onRows?: (rows: PairedRows) => Promise<void>;
  /** Tokens whose positions are left out. Default: the tokenizer's special ones. */
  readonly skip?: ReadonlySet<number>;
  readonly onProgress?: (done: number, total: number) => void;
  /** Stops between two batches; the call throws `cancelled`. */
  readonly signal?: AbortSignal;
}

/** One of the positions at which tuning changed the next token's distribution most. */
export interface ChangedPosition {
  readonly text: number;
  /** Position in the text's tokens. */
  readonly position: number;
  /** KL(tuned || base), nats. */
  readonly kl: number;
  /** Tokens up to and with the position, the last few. */
  readonly context: readonly number[];
  /** The token that follows in the text. */
  readonly next: number;
  /** The token that tuning made more probable there, by its part of the KL. */
  readonly gained: number;
}

export interface PrincipalDirections {
  /** Share of the sum of squares along each direction, largest first. */
  readonly shares: readonly number[];
  /** `[directions, width]`, unit length, orthogonal, the largest entry of each positive. */
  readonly directions: Matrix;
}

/** A feature of a dictionary of changes. */
export interface ChangeFeature {
  readonly feature: number;
  /** Share of rows on which it is active. */
  readonly density: number;
  /** Mean over all rows of its activation, times the length of its vector: how much of the difference it carries. */
  readonly size: number;
  /** Of a crosscoder: 0 for a feature of the base alone, 1/2 shared, 1 of the tuned model alone; `null` of other kinds. */
  readonly relativeNorm: number | null;
  /** Of a crosscoder: the base's factor over the tuned one's, near 0 where the base lacks it; `null` of other kinds. */
  readonly errorRatio: number | null;
}

/** A sparse dictionary of what tuning changed in the activations of one site. */
export interface ChangeDictionary {
  readonly name: string;
  /** What it is trained on, in a sentence. */
  readonly description: string;
  readonly dSae: number;
  /** On rows that it was not trained on. */
  readonly explainedVariance: number;
  readonly l0: number;
  readonly alive: number;
  /** By size, largest first. */
  readonly features: readonly ChangeFeature[];
  /** Each feature's change of the activations at its mean activation where it is active, tuned minus base, `[dSae, width]`. */
  readonly vectors: Matrix;
  /** Mean reconstructed difference where each word follows, `[words, width]`; over all rows for one that never does. */
  readonly beforeWords: Matrix;
}

export interface ChangeDictionaryOptions {
  readonly site: Site;
  readonly dSae: number;
  readonly seed: number;
  /** `[rows]`: index of the word of interest that follows each row, -1 for none. */
  readonly follows: Int32Array;
  /** Number of words. */
  readonly words: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Trains dictionaries of what tuning changed on both models' activations of the same tokens. */
export interface ChangeDictionaries {
  readonly name: string;
  /** Everything that shapes the result besides the call's options, for hashing. */
  readonly settings: Readonly<Record<string, unknown>>;
  train(
    base: ActivationStore,
    tuned: ActivationStore,
    options: ChangeDictionaryOptions,
  ): Promise<readonly ChangeDictionary[]>;
}

/** What an audit measures changes with; each can be swapped on its own. */
export interface ChangeParts {
  readonly measure: (
    base: LanguageModel,
    tuned: LanguageModel,
    texts: TokenRows,
    options: MeasureChangesOptions,
  ) => Promise<ModelChanges>;
  readonly mostChanged: (
    changes: ModelChanges,
    texts: TokenRows,
    options: { readonly count: number; readonly context: number },
  ) => readonly ChangedPosition[];
  readonly principalDirections: (
    moments: SecondMoments,
    options: { readonly count: number; readonly centred: boolean },
  ) => PrincipalDirections | null;
  /**
   * How far directions added behind the last block move log-probabilities, nats, `[directions, vocabulary]`; `from` reads the origin
   * alone. Default: the model.
   */
  readonly directEffects: (
    model: LanguageModel,
    origin: ArrayLike<number>,
    directions: Matrix,
    options?: { readonly from?: LanguageModel },
  ) => Promise<Matrix>;
  readonly dictionaries: ChangeDictionaries;
}

/** What one label-free method says about one word. */
export interface ChangeScore {
  readonly method: string;
  readonly word: string;
  readonly token: number;
  readonly value: number;
  /** Whether the value has a direction, up or down; a magnitude has none. */
  readonly signed: boolean;
  /** Measured positions that the word follows at. */
  readonly n: number;
}

/** A token that the tuned model added to a prompt, as the base model sees it given the same prefix. */
export interface ShiftedToken {
  /** Index of the prompt. */
  readonly prompt: number;
  /** Among the tokens added to it, from 0. */
  readonly position: number;
  readonly token: number;
  /** Among the base model's next-token logits, from 1. */
  readonly rank: number;
  /** KL(tuned || base) of the next-token distributions there, nats. */
  readonly kl: number;
  /** log p_tuned / p_base of the token, nats: the reward that KL-regularised tuning implies. */
  readonly logRatio: number;
}
