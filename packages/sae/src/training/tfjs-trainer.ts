import type { SaeTrainer } from '@feedprint/core';
import { createTfjsEngine } from '@feedprint/graph/tfjs';
import type { TfjsOptions } from '@feedprint/graph/tfjs';
import type { SaeTrainingSettings } from './settings.ts';
import { createSaeTrainer } from './trainer.ts';

export interface TfjsTrainerOptions extends Partial<SaeTrainingSettings>, TfjsOptions {
  /** For the resulting SAEs, which run on onnxruntime-node. */
  readonly threads?: number;
}

/**
 * Trains SAEs on TensorFlow.js, loaded when training starts. Throws `config-invalid` for settings out of range; training throws
 * `dependency-missing` with what to install.
 */
export function createTfjsTrainer({
  backend,
  tf,
  ...settings
}: TfjsTrainerOptions = {}): SaeTrainer {
  const engine = createTfjsEngine({
    ...(backend !== undefined && { backend }),
    ...(tf !== undefined && { tf }),
  });
  return createSaeTrainer({ engine, ...settings });
}
