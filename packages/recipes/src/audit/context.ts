import type { LanguageModel, LayerDivergence, TripleSet } from '@feedprint/core';
import type { Declared } from '@feedprint/probe';
import type { Prediction } from '../predict/schema.ts';
import type { ModelRole } from './model-role.ts';
import type { PreparedPairs } from './pairs/prepared-pairs.ts';
import type { AuditParts, ScoredWord } from './parts.ts';
import type { PreparedRatings } from './ratings/prepared-ratings.ts';
import type { Sibling } from './siblings/read-siblings.ts';
import type { AuditSettings } from './settings.ts';

/** What every stage of one audit shares. */
export interface AuditContext {
  readonly settings: AuditSettings;
  readonly parts: AuditParts;
  /** What the models were loaded from. */
  readonly names: Readonly<Record<ModelRole, string>>;
  readonly models: Readonly<Record<ModelRole, LanguageModel>>;
  /** Other tunings on the same feedback; often none. */
  readonly siblings: readonly Sibling[];
  readonly texts: AuditTexts;
  /** Token ids of the texts, cut to the context. */
  readonly rows: readonly Int32Array[];
  /** Scored words that occur in the texts, by vocabulary id; none where nothing is stated of words. */
  readonly words: readonly ScoredWord[];
  /** Number of occurrences of each word, in the words' order. */
  readonly occurrences: Int32Array;
  /** Frequent tokens of the texts that the feedback does not score, by vocabulary id. */
  readonly unscored: readonly number[];
  /** All tokens of the vocabulary that the feedback scores. */
  readonly lexicon: readonly ScoredWord[];
  /** Scored words of the texts in three versions. */
  readonly triples: TripleSet;
  readonly divergence: readonly LayerDivergence[];
  /** Sites that are examined, in layer order. */
  readonly sites: readonly LayerSite[];
  /** Preference pairs, where the audit has some. */
  readonly pairs: PreparedPairs | undefined;
  /** Replies that were rated one by one, where the audit has some instead. */
  readonly ratings?: PreparedRatings;
  /** What the tuner says of properties of replies, by name; absent where nothing is said. */
  readonly told?: ReadonlyMap<string, Declared>;
  /** What was predicted of these models before tuning. */
  readonly prediction?: Prediction;
  /** The question by which features are classified, where a labeler is asked. */
  readonly question: string | undefined;
  /** Hashes of what the audit is about; included in the configuration of every stage that has no needs. */
  readonly identity: Readonly<Record<string, string>>;
}

/** Where the texts come from, and what was read from them. */
export interface AuditTexts {
  /** The file's own name. */
  readonly file: string;
  /** Number of texts that were cut to the context. */
  readonly truncated: number;
  /** Number of distinct words that the feedback would score if they were single tokens. */
  readonly unscoredWords: number;
}

/** A site in a layer, and its number of units. */
export interface LayerSite {
  readonly site: string;
  readonly layer: number;
  readonly width: number;
}

/** Whether something is stated of single words. */
export const isStatedOfWords = ({ words }: Pick<AuditContext, 'words'>): boolean =>
  words.length > 0;

export const siteNames = ({ sites }: Pick<AuditContext, 'sites'>): string[] =>
  sites.map(({ site }) => site);
