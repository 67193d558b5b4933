import type { LanguageModel, ModelInfo } from '@feedprint/core';
import { gptNeoX } from '../architectures/gpt-neox.ts';
import { openCheckpoint } from '../checkpoint/checkpoint.ts';
import { generate } from './generate.ts';
import { createRunner } from './run-model.ts';

export interface LoadOptions {
  /** Threads inside one operator. */
  readonly threads?: number;
}

/**
 * Loads a Hugging Face checkpoint folder (`config.json`, `tokenizer.json`, `model.safetensors` in f32, f16 or bf16).
 * Throws `checkpoint-invalid` or `checkpoint-unsupported`. Weights are read by the runs that need them: one that is missing,
 * misshapen or not finite makes the run throw `checkpoint-invalid` or `numbers-invalid`.
 */
export async function loadModel(folder: string, options: LoadOptions = {}): Promise<LanguageModel> {
  const checkpoint = await openCheckpoint(folder);
  const architecture = gptNeoX(checkpoint.config, checkpoint);
  const info: ModelInfo = {
    architecture: checkpoint.config.model_type,
    layers: architecture.layers,
    width: architecture.width,
    vocabularySize: architecture.vocabularySize,
    contextLength: architecture.contextLength,
  };
  const runner = createRunner(architecture, info, options.threads);
  const model: LanguageModel = {
    name: checkpoint.name,
    fingerprint: checkpoint.fingerprint,
    info,
    tokenizer: checkpoint.tokenizer,
    sites: architecture.sites,
    run: runner.run,
    generate: (prompts, sampling) => generate(model, prompts, sampling),
    *parameters() {
      for (const tensor of checkpoint.parameters()) {
        const layer = architecture.layerOf(tensor.name);
        yield { ...tensor, ...(layer !== undefined && { layer }) };
      }
    },
    async dispose() {
      await runner.dispose();
      checkpoint.close();
    },
  };
  return model;
}
