import type { SaeTrainer } from '@feedprint/core';
import type { SaeContext } from '../context.ts';

/** What all stages of one training share. */
export interface TrainContext extends SaeContext {
  readonly trainer: SaeTrainer;
  /** Rows per step. */
  readonly batchRows: number;
  /** Compute activations when they are needed, instead of keeping them on disk. */
  readonly stream: boolean;
}
