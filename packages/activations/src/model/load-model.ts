import type { LanguageModel, ModelInfo } from '@feedprint/core';
import type { RuntimeOptions } from '@feedprint/graph';
import { createWeights } from '../architectures/weights.ts';
import { openCheckpoint } from '../checkpoint/checkpoint.ts';
import type { Checkpoint, UntrainedOptions } from '../checkpoint/checkpoint.ts';
import { generateWith } from '../generation/generate.ts';
import { createCachedStepper } from './cached-stepper.ts';
import { createCompiledGraphs } from './compiled-graphs.ts';
import { createEditedPasses } from './edited-passes.ts';
import { surveyForward } from './forward-graph.ts';
import { createDifferentiator } from './gradients.ts';
import { createPasses } from './passes.ts';
import { createRunner } from './run-model.ts';
import { beforePadding, paddingOf } from './scored-position.ts';
import { packRows } from './token-batch.ts';

export interface LoadOptions extends RuntimeOptions {
  /** Folder of a PEFT LoRA adapter, merged into the weights when they are read. */
  readonly adapter?: string;
  /** Draws every weight anew from the normal of its own mean and standard deviation, normalisations aside: a control that knows nothing. */
  readonly untrained?: UntrainedOptions;
}

/**
 * Loads a Hugging Face checkpoint folder: `config.json`, `tokenizer.json` and safetensors in f32, f16 or bf16, in shards or not.
 * Throws `checkpoint-invalid`, also for weights that are missing or misshapen, and `checkpoint-unsupported`. Weights are read by
 * the first run that needs them: numbers that are not finite make it throw `numbers-invalid`.
 */
export async function loadModel(
  folder: string,
  { adapter, untrained, ...runtime }: LoadOptions = {},
): Promise<LanguageModel> {
  const checkpoint = await openCheckpoint(folder, {
    ...(adapter !== undefined && { adapter }),
    ...(untrained && { untrained }),
  });
  try {
    return createModel(checkpoint, runtime);
  } catch (error) {
    checkpoint.close();
    throw error;
  }
}

function createModel(checkpoint: Checkpoint, runtime: RuntimeOptions): LanguageModel {
  const { name, config, decoder, tokenizer } = checkpoint;
  const { sites, weights: needed } = surveyForward({
    decoder,
    weights: createWeights(checkpoint),
  });
  for (const { name: weight, shape } of needed) checkpoint.check(weight, shape);
  const read = new Set(needed.map(({ name: weight }) => weight)).add(decoder.head.weight);
  const compiledIn = runtime.device !== undefined && runtime.device !== 'cpu';
  const weights = createWeights(checkpoint, { compiledIn });
  const info: ModelInfo = {
    architecture: String(config.model_type),
    layers: decoder.blocks.length,
    width: decoder.width,
    vocabularySize: decoder.vocabularySize,
    contextLength: decoder.contextLength,
    ...(decoder.labels && { labels: decoder.labels }),
  };
  const padding = paddingOf(config);
  const transformer = { decoder, weights };
  const graphs = createCompiledGraphs(weights, runtime);
  const passes = createEditedPasses(createPasses(transformer, sites, graphs), sites);
  const run = createRunner({ passes, info });
  const keysHoldTo = decoder.blocks[0]?.attention.rotary?.long?.beyond;
  return {
    name,
    get fingerprint() {
      return checkpoint.fingerprint;
    },
    info,
    tokenizer,
    sites,
    async run(rows, request) {
      const batch = packRows(rows, info);
      const scored = info.labels ? beforePadding(batch, padding) : batch;
      const { values: _, ...result } = await run(scored, request);
      return result;
    },
    ...(!info.labels && { gradients: createDifferentiator({ passes, sites, info }) }),
    generate: (prompts, sampling) =>
      generateWith(
        createCachedStepper(run, info, { edits: sampling.edits, keysHoldTo }),
        { info, tokenizer },
        prompts,
        sampling,
      ),
    *parameters() {
      for (const tensor of checkpoint.parameters()) if (read.has(tensor.name)) yield tensor;
    },
    async dispose() {
      await graphs.dispose();
      checkpoint.close();
    },
  };
}
