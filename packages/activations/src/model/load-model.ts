import { FeedprintError } from '@feedprint/core';
import type { RuntimeOptions } from '@feedprint/graph';
import { openCheckpoint } from '../checkpoint/checkpoint.ts';
import type { UntrainedOptions } from '../checkpoint/checkpoint.ts';
import { resolveModel } from '../checkpoint/hub.ts';
import type { HubOptions } from '../checkpoint/hub-options.ts';
import { findOnnxFile } from '../onnx/find-onnx-file.ts';
import { loadOnnxModel } from '../onnx/load-onnx-model.ts';
import type { OnnxLanguageModel } from '../onnx/load-onnx-model.ts';
import { createCheckpointModel } from './checkpoint-model.ts';
import type { CheckpointModel } from './checkpoint-model.ts';

export interface LoadOptions extends RuntimeOptions {
  /** Folder or hub name of a PEFT LoRA adapter, merged into the weights when they are read. */
  readonly adapter?: string;
  /** How names on the hub are found; `revision` is the model's, not the adapter's. */
  readonly hub?: HubOptions;
  /**
   * Draws every weight anew from the normal distribution with its own mean and standard deviation, except for norms: a
   * control that knows nothing.
   */
  readonly untrained?: UntrainedOptions;
}

/**
 * Loads a model: a Hugging Face checkpoint folder (`config.json`, `tokenizer.json` and safetensors in f32, f16 or bf16,
 * sharded or not), a name on the hub, `org/name` or `org/name@revision`, an `.onnx` file, or a folder that contains one
 * instead of safetensors. Throws what `resolveModel` and `loadOnnxModel` throw, `checkpoint-invalid` (also for weights
 * that are missing or misshapen), `checkpoint-unsupported`, and `usage` for an adapter with an ONNX file. Weights are
 * read by the first run that needs them: numbers that are not finite make it throw `numbers-invalid`.
 */
export async function loadModel(
  nameOrFolder: string,
  { adapter, untrained, hub = {}, ...runtime }: LoadOptions = {},
): Promise<CheckpointModel | OnnxLanguageModel> {
  const folder = nameOrFolder.endsWith('.onnx')
    ? nameOrFolder
    : await resolveModel(nameOrFolder, hub);
  const onnx = findOnnxFile(folder);
  if (onnx !== undefined) {
    if (adapter !== undefined) throw fixed('an adapter cannot be merged into an ONNX file');
    if (untrained) throw fixed('the weights of an ONNX file cannot be drawn anew');
    return loadOnnxModel(onnx, runtime);
  }
  const { revision: _, ...ofAdapter } = hub;
  const checkpoint = await openCheckpoint(folder, {
    ...(adapter !== undefined && { adapter: await resolveModel(adapter, ofAdapter) }),
    ...(untrained && { untrained }),
  });
  try {
    return createCheckpointModel(checkpoint, runtime);
  } catch (error) {
    checkpoint.close();
    throw error;
  }
}

const fixed = (message: string): FeedprintError =>
  new FeedprintError({
    code: 'usage',
    message,
    remedy: 'pass the checkpoint that the file was exported from',
  });
