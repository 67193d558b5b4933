import type { CheckpointModel } from '@feedprint/activations';
import type { TokenRows } from '@feedprint/core';
import type { RewardFunction, SavedDtype, Trainable } from '@feedprint/finetune';
import type { RewardSettings } from './settings.ts';

/** What the stages of a tuning on rewards share. */
export interface RewardContext {
  readonly model: CheckpointModel;
  readonly reward: RewardFunction;
  readonly settings: RewardSettings;
  readonly trainable: Trainable;
  readonly prompts: { readonly train: TokenRows; readonly heldOut: TokenRows };
  readonly seed: number;
  readonly threads: number | undefined;
  readonly dtype: SavedDtype;
  /** Steps (iterations of PPO) between models that are saved on the way, in `steps`; none if undefined. */
  readonly saveEvery: number | undefined;
  readonly steps: string;
  /** Hashes of what it is about; part of every stage's key. */
  readonly identity: Readonly<Record<string, unknown>>;
}
