import type { SaeTrainer } from '@feedprint/core';
import { createOnnxEngine } from '@feedprint/graph';
import type { RuntimeOptions } from '@feedprint/graph';
import type { SaeTrainingSettings } from './settings.ts';
import { createSaeTrainer } from './trainer.ts';

export interface OnnxTrainerOptions extends Partial<SaeTrainingSettings>, RuntimeOptions {}

/** Trains SAEs on onnxruntime-node. Throws `config-invalid` for settings out of range. */
export function createOnnxTrainer({
  threads,
  device,
  ...settings
}: OnnxTrainerOptions = {}): SaeTrainer {
  const runtime: RuntimeOptions = {
    ...(threads !== undefined && { threads }),
    ...(device !== undefined && { device }),
  };
  return createSaeTrainer({
    engine: createOnnxEngine(runtime),
    ...(threads !== undefined && { threads }),
    ...settings,
  });
}
