import type { CheckpointModel } from '@feedprint/activations';
import type { SavedDtype, Trainable, TrainingSettings } from '@feedprint/finetune';
import type { Device } from '@feedprint/graph';
import type { Watch } from '../trajectory/create-watch.ts';
import type { TaskOptions } from './tasks.ts';

/** What the stages of a fine-tuning share. */
export interface FinetuneContext {
  readonly model: CheckpointModel;
  readonly task: TaskOptions;
  readonly trainable: Trainable;
  readonly settings: TrainingSettings;
  readonly seed: number;
  readonly threads: number | undefined;
  readonly device: Device | undefined;
  readonly dtype: SavedDtype;
  /** Steps between two saved models. Default: only the last one is saved. */
  readonly saveEvery: number | undefined;
  /** Where those go: `step-000100` below it. */
  readonly steps: string;
  /** Looks at the model while it is trained. */
  readonly watch: Watch | undefined;
  /** Steps between checkpoints that an interrupted training continues from. */
  readonly checkpointSteps: number | undefined;
  /** What determines the bits of all stages; part of every stage's key. */
  readonly identity: Readonly<Record<string, unknown>>;
}
