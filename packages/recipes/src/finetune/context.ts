import type { CheckpointModel } from '@feedprint/activations';
import type { Trainable, TrainingSettings } from '@feedprint/finetune';
import type { Device } from '@feedprint/graph';
import type { KeptSteps } from '../tuning/keep-step.ts';
import type { TaskOptions } from './tasks.ts';

/** What the stages of a fine-tuning share. */
export interface FinetuneContext extends KeptSteps {
  readonly model: CheckpointModel;
  readonly task: TaskOptions;
  readonly trainable: Trainable;
  readonly settings: TrainingSettings;
  readonly seed: number;
  readonly threads: number | undefined;
  readonly device: Device | undefined;
  /** Steps between checkpoints that an interrupted training continues from. */
  readonly checkpointSteps: number | undefined;
  /** What determines the bits of all stages; part of every stage's key. */
  readonly identity: Readonly<Record<string, unknown>>;
}
