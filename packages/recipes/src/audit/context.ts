import type { LanguageModel, LayerDivergence, TripleSet } from '@feedprint/core';
import type { ModelRole } from './model-role.ts';
import type { PreparedPairs } from './pairs/prepared-pairs.ts';
import type { AuditParts, ScoredWord } from './parts.ts';
import type { AuditSettings } from './settings.ts';

/** What every stage of one audit shares. */
export interface AuditContext {
  readonly settings: AuditSettings;
  readonly parts: AuditParts;
  /** What the models were loaded by. */
  readonly names: Readonly<Record<ModelRole, string>>;
  readonly models: Readonly<Record<ModelRole, LanguageModel>>;
  readonly texts: AuditTexts;
  /** Token ids of the texts, cut to the context. */
  readonly rows: readonly Int32Array[];
  /** Scored words that occur in the texts, by vocabulary id. */
  readonly words: readonly ScoredWord[];
  /** Occurrences of each word, in the words' order. */
  readonly occurrences: Int32Array;
  /** All tokens of the vocabulary that the feedback scores. */
  readonly lexicon: readonly ScoredWord[];
  /** Scored words of the texts in three versions. */
  readonly triples: TripleSet;
  readonly divergence: readonly LayerDivergence[];
  /** Sites that are looked into, in layer order. */
  readonly sites: readonly LayerSite[];
  /** Preference pairs, where the audit has some. */
  readonly pairs: PreparedPairs | undefined;
  /** By what features are classified. */
  readonly question: string;
  /** Hashes of what the audit is about; the configuration of every stage that needs no other holds it. */
  readonly identity: Readonly<Record<string, string>>;
}

/** Where the texts come from, and what was read of them. */
export interface AuditTexts {
  /** The file's own name. */
  readonly file: string;
  /** Texts that were cut to the context. */
  readonly truncated: number;
  /** Distinct words that the feedback would score, were they single tokens. */
  readonly unscoredWords: number;
}

/** A site in a layer, and its units. */
export interface LayerSite {
  readonly site: string;
  readonly layer: number;
  readonly width: number;
}

export const siteNames = ({ sites }: Pick<AuditContext, 'sites'>): string[] =>
  sites.map(({ site }) => site);
