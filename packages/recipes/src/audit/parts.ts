import type { componentDivergence } from '@feedprint/activations';
import { FeedprintError } from '@feedprint/core';
import type {
  ActivationStoreFormat,
  DictionaryMatcher,
  DivergenceMeasure,
  FeedbackSignal,
  InModelMetrics,
  Labeler,
  LanguageModel,
  Matrix,
  Part,
  Random,
  SaeFormat,
  SaeMetrics,
  SaeTrainer,
  SparseAutoencoder,
  TokenRows,
  Tokenizer,
  TripleSet,
} from '@feedprint/core';
import type { PairFile, ReadPairsOptions } from '@feedprint/feedback';
import type { AuditStatistics, FeedbackEstimator, PreferenceStatistics } from '@feedprint/probe';
import type { ChangeParts } from './changes/change-parts.ts';
import type { ExchangeParts } from './location/exchange-parts.ts';
import type { ModelRole } from './model-role.ts';
import type { PlaceboParts } from './placebos/placebo-parts.ts';
import type { PropertyParts } from './properties/property-parts.ts';
import type { ReplySignal } from './told/reply-signal.ts';
import type { ShiftParts } from './shift/shift-parts.ts';

/** What a key says about a part: everything that distinguishes its results from those of another. */
export const partKey = ({ name, settings }: Part): Part => ({ name, settings });

/** A vocabulary token that the feedback scores. */
export interface ScoredWord {
  readonly id: number;
  readonly word: string;
  readonly stated: number;
}

/** Makes contrastive triples of the words of the texts that the signal scores. */
export interface TripleMaker extends Part {
  make(options: {
    readonly texts: readonly string[];
    readonly signal: FeedbackSignal<'token'>;
    readonly tokenizer: Tokenizer;
    readonly random: Random;
    /** Most triples whose original is the same word. */
    readonly perWord: number;
    readonly maxTriples: number;
    /** Most tokens of a version, including the word's. */
    readonly contextLength: number;
  }): Promise<TripleSet>;
}

/** What an SAE preserves. */
export interface SaeEvaluation extends Part {
  onRows(sae: SparseAutoencoder, rows: Matrix): Promise<SaeMetrics>;
  /** What the model loses when its site's activations are replaced by the SAE's reconstruction, or by zeros. */
  inModel(model: LanguageModel, sae: SparseAutoencoder, texts: TokenRows): Promise<InModelMetrics>;
}

/**
 * The implementations that an audit is put together from; each can be exchanged on its own. The name and settings of
 * each are in the keys of the stages that it affects; models, words and texts are represented by their contents.
 */
export interface AuditParts {
  readonly loadModel: (name: string, role: ModelRole | 'sibling') => Promise<LanguageModel>;
  /**
   * Loads a model with weights drawn at random, for the control of that name; `undefined` if the kind of model does not
   * allow it.
   */
  readonly untrained?: Part & {
    load(name: string, seed: number): Promise<LanguageModel | undefined>;
  };
  readonly divergence: Part & {
    readonly measure: DivergenceMeasure;
    /** The same by part of each layer; left out, the audit does not say it of weights. */
    readonly components?: typeof componentDivergence;
  };
  readonly activations: ActivationStoreFormat;
  readonly trainer: SaeTrainer;
  readonly saeFormat: SaeFormat;
  readonly saeMetrics: SaeEvaluation;
  readonly matcher: Part & { readonly match: DictionaryMatcher };
  /** Makes an SAE of the same shape and sparsity that knows nothing. */
  readonly randomizer: Part & {
    randomize(sae: SparseAutoencoder, random: Random): SparseAutoencoder;
  };
  /** What is stated of single words. Absent: nothing is, and no question about words arises. */
  readonly signal?: FeedbackSignal<'token'>;
  /** What was rewarded of whole replies. Absent: nothing is told of them but the labels. */
  readonly replySignal?: ReplySignal;
  readonly scoredWords: (
    tokenizer: Tokenizer,
    signal: FeedbackSignal<'token'>,
  ) => Promise<readonly ScoredWord[]>;
  readonly triples: TripleMaker;
  /** The main estimator first: the findings on words are its. */
  readonly estimators: readonly FeedbackEstimator[];
  readonly statistics: AuditStatistics;
  readonly preferences: {
    readonly read: (path: string, options?: ReadPairsOptions) => Promise<PairFile>;
    readonly statistics: PreferenceStatistics;
  };
  /** What measures properties of replies. Absent: they are not judged. */
  readonly properties?: PropertyParts;
  /** What measures changes without labels. Absent: they are not measured. */
  readonly changes?: ChangeParts;
  /** What measures token distribution shift. Absent: it is not measured. */
  readonly shift?: ShiftParts;
  /** What gives a model another's parameters. Absent: it is not asked where the shift sits. */
  readonly exchange?: ExchangeParts;
  /** What makes models that never saw the feedback. Absent: there are none. */
  readonly placebos?: PlaceboParts;
  /** Explains features. Absent only where no question about words arises. */
  readonly labeler?: Labeler;
}

/** The one whose findings on words an audit reports. Throws `config-invalid` where there is none. */
export function mainEstimator({ estimators }: Pick<AuditParts, 'estimators'>): FeedbackEstimator {
  const [main] = estimators;
  if (main) return main;
  throw new FeedprintError({
    code: 'config-invalid',
    message: 'the audit has no estimator of learned feedback',
    remedy: 'give parts.estimators at least one',
  });
}

/** Throws `config-invalid` where there is none. */
export function labelerOf({ labeler }: Pick<AuditParts, 'labeler'>): Labeler {
  if (labeler) return labeler;
  throw new FeedprintError({
    code: 'config-invalid',
    message: 'the audit has feedback on words, and no labeler of features',
    remedy: 'give parts.labeler one',
  });
}

/** The names and settings of all parts that a stage's key names, by their place. */
export const partKeys = (parts: AuditParts): Readonly<Record<string, unknown>> => ({
  ...(parts.untrained && { untrained: partKey(parts.untrained) }),
  divergence: partKey(parts.divergence),
  activations: partKey(parts.activations),
  saeFormat: partKey(parts.saeFormat),
  saeMetrics: partKey(parts.saeMetrics),
  matcher: partKey(parts.matcher),
  randomizer: partKey(parts.randomizer),
  ...(parts.replySignal && { replySignal: partKey(parts.replySignal) }),
  triples: partKey(parts.triples),
  estimators: parts.estimators.map(partKey),
  statistics: partKey(parts.statistics),
  preferences: partKey(parts.preferences.statistics),
  ...(parts.properties && {
    properties: {
      ...partKey(parts.properties),
      ...(parts.properties.finders && { finders: parts.properties.finders.map(partKey) }),
    },
  }),
  ...(parts.changes && {
    changes: { ...partKey(parts.changes), dictionaries: partKey(parts.changes.dictionaries) },
  }),
  ...(parts.shift && { shift: partKey(parts.shift) }),
  ...(parts.exchange && { exchange: partKey(parts.exchange) }),
  ...(parts.placebos && { placebos: partKey(parts.placebos) }),
  ...(parts.labeler && { labeler: partKey(parts.labeler) }),
});
