import type { CheckpointModel } from '@feedprint/activations';
import type { TokenRows } from '@feedprint/core';
import type { RewardFunction, Trainable } from '@feedprint/finetune';
import type { KeptSteps } from '../tuning/keep-step.ts';
import type { RewardSettings } from './settings.ts';

/** What the stages of a tuning on rewards share. Steps are iterations of PPO. */
export interface RewardContext extends KeptSteps {
  readonly model: CheckpointModel;
  readonly reward: RewardFunction;
  readonly settings: RewardSettings;
  readonly trainable: Trainable;
  readonly prompts: { readonly train: TokenRows; readonly heldOut: TokenRows };
  readonly seed: number;
  readonly threads: number | undefined;
  /** Hashes of what it is about; part of every stage's key. */
  readonly identity: Readonly<Record<string, unknown>>;
}
