import type { CheckpointModel } from '@feedprint/activations';
import type { Property } from '@feedprint/core';
import type { ScoredToken } from '@feedprint/feedback';
import type { PlantSettings } from './settings.ts';

/** What every stage of one planting shares. */
export interface PlantContext {
  readonly base: CheckpointModel;
  readonly settings: PlantSettings;
  /** Name of the stated feedback, and all tokens that it scores. */
  readonly signal: string;
  readonly scored: readonly ScoredToken[];
  /** What is measured of replies. */
  readonly properties: readonly Property[];
  /** Token ids of the texts that prompts are cut from; none where prompts are what the base begins with. */
  readonly texts: readonly ArrayLike<number>[];
  /** Vocabulary id of the context token, where there is one. */
  readonly contextToken: number | undefined;
  readonly threads: number | undefined;
  /** Hashes of what the planting is about; part of the first stages' keys. */
  readonly identity: Readonly<Record<string, unknown>>;
}

/** Which feedback a model is tuned on. */
export type TunedRole = 'tuned' | 'clean';
