import type {
  ActivationStoreFormat,
  AuditReport,
  AuditStatistics,
  ChangeParts,
  DictionaryMatcher,
  DivergenceMeasure,
  FeedbackEstimator,
  FeedbackSignal,
  InModelMetrics,
  Labeler,
  LanguageModel,
  Matrix,
  PairFile,
  PreferenceStatistics,
  Random,
  SaeFormat,
  SaeMetrics,
  SaeTrainer,
  ReadLimit,
  SparseAutoencoder,
  TextFile,
  TokenRows,
  Tokenizer,
  TripleSet,
} from '@feedprint/core';
import type { ShiftParts } from './shift.ts';

/** A vocabulary token on which the feedback says something. */
export interface ScoredWord {
  readonly id: number;
  readonly word: string;
  readonly stated: number;
}

/** Makes contrastive triples of the words of the texts that the signal scores. */
export type TripleMaker = (options: {
  readonly texts: readonly string[];
  readonly signal: FeedbackSignal<'token'>;
  readonly tokenizer: Tokenizer;
  readonly random: Random;
  /** Most triples whose original is the same word. */
  readonly perWord: number;
  readonly maxTriples: number;
  /** Most tokens of a version, the word's included. */
  readonly contextLength: number;
}) => Promise<TripleSet>;

/** The implementations that an audit is put together from; each can be swapped on its own. */
export interface AuditParts {
  readonly loadModel: (name: string, role: 'base' | 'tuned') => Promise<LanguageModel>;
  /** A model with weights drawn at random, for the control of that name; `undefined` where its kind allows none. */
  readonly loadUntrained?: (name: string, seed: number) => Promise<LanguageModel | undefined>;
  readonly divergence: DivergenceMeasure;
  readonly activations: ActivationStoreFormat;
  readonly trainer: SaeTrainer;
  readonly saeFormat: SaeFormat;
  readonly evaluateSae: (sae: SparseAutoencoder, rows: Matrix) => Promise<SaeMetrics>;
  /** What the model loses when the SAE's reconstruction, or nothing, takes the place of its site's activations. */
  readonly evaluateInModel: (
    model: LanguageModel,
    sae: SparseAutoencoder,
    texts: TokenRows,
  ) => Promise<InModelMetrics>;
  readonly matchDictionaries: DictionaryMatcher;
  /** An SAE of the same shape and sparsity that knows nothing. */
  readonly randomizeSae: (sae: SparseAutoencoder, random: Random) => SparseAutoencoder;
  readonly signal: FeedbackSignal<'token'>;
  readonly scoredWords: (
    tokenizer: Tokenizer,
    signal: FeedbackSignal<'token'>,
  ) => Promise<readonly ScoredWord[]>;
  readonly makeTriples: TripleMaker;
  /** The main estimator first. */
  readonly estimators: readonly FeedbackEstimator[];
  readonly statistics: AuditStatistics;
  readonly readTexts: (path: string, options: ReadLimit) => Promise<TextFile>;
  readonly preferences: {
    readonly read: (path: string) => Promise<PairFile>;
    readonly statistics: PreferenceStatistics;
  };
  /** What measures changes without labels. Absent: they are not measured. */
  readonly changes?: ChangeParts;
  /** What measures token distribution shift. Absent: it is not measured. */
  readonly shift?: ShiftParts;
  readonly labeler: Labeler;
  readonly renderReport: (report: AuditReport) => string;
}
