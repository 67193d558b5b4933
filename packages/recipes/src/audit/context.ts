import { createRandom } from '@feedprint/core';
import type { Artifact, LanguageModel, Random, TripleSet } from '@feedprint/core';
import type { StageRunner } from '../stages.ts';
import type { AuditParts, ScoredWord } from './parts.ts';
import type { AuditSettings } from './settings.ts';

export type ModelRole = 'base' | 'tuned';
export type SaeSize = 'small' | 'large';

export const roles: readonly ModelRole[] = ['base', 'tuned'];
export const sizes: readonly SaeSize[] = ['small', 'large'];

/** What every stage of one audit shares. */
export interface AuditContext {
  readonly settings: AuditSettings;
  readonly parts: AuditParts;
  readonly models: Readonly<Record<ModelRole, LanguageModel>>;
  /** Token ids of the texts, cut to the context. */
  readonly rows: readonly Int32Array[];
  /** Scored words that stand in the texts, by vocabulary id. */
  readonly words: readonly ScoredWord[];
  /** All tokens of the vocabulary that the feedback scores. */
  readonly lexicon: readonly ScoredWord[];
  /** Scored words of the texts in three versions. */
  readonly triples: TripleSet;
  /** Kept sites, in layer order. */
  readonly sites: readonly Site[];
  /** Hashes of what the audit is about; every first stage's configuration holds it. */
  readonly identity: Readonly<Record<string, string>>;
  readonly runner: StageRunner;
}

export interface Site {
  readonly site: string;
  readonly layer: number;
  readonly width: number;
}

/** Folders of the stages that the estimates rest on, and of the estimates. */
export interface EstimateArtifacts {
  readonly capture: Artifact;
  /** By `saeName`. */
  readonly saes: ReadonlyMap<string, Artifact>;
  readonly features: Artifact;
  readonly untrained: Artifact;
  readonly contrast: Artifact;
  readonly estimate: Artifact;
}

/** Folders of finished stages. */
export interface AuditArtifacts extends EstimateArtifacts {
  readonly match: Artifact;
  readonly change: Artifact;
  readonly attribute: Artifact;
  readonly contradicting: Artifact;
  readonly label: Artifact;
  readonly validate: Artifact;
  readonly replies: Artifact;
  /** Absent where changes were not asked for. */
  readonly changes?: Artifact;
  readonly shift?: Artifact;
}

export const saeName = (role: ModelRole, size: SaeSize, { layer }: Site): string =>
  `sae-${role}-${size}-L${layer}`;

export const siteNames = ({ sites }: AuditContext): string[] => sites.map(({ site }) => site);

/** A stage's own random stream: it depends on the audit's seed and the stage's name alone. */
export const randomOf = ({ settings }: Pick<AuditContext, 'settings'>, stage: string): Random =>
  createRandom(settings.seed).fork(stage);

/** A seed for things that take a number. */
export const seedOf = (context: AuditContext, stage: string): number =>
  randomOf(context, stage).integer(0x1_0000_0000);
