import { FeedprintError } from '@feedprint/core';
import type { LanguageModel, ModelInfo } from '@feedprint/core';
import type { RuntimeOptions, Tensor } from '@feedprint/graph';
import { describeDecoder } from '../architectures/architectures.ts';
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
  const { name, config, tokenizer } = checkpoint;
  const decoder = describeDecoder(config, `config.json of ${name}`);
  const { sites, weights: needed } = surveyForward({
    decoder,
    weights: createWeights(checkpoint, decoder),
  });
  checkWeights(checkpoint, needed);
  const compiledIn = runtime.device !== undefined && runtime.device !== 'cpu';
  const weights = createWeights(checkpoint, { prefix: decoder.prefix, compiledIn });
  const info: ModelInfo = {
    architecture: String(config.model_type),
    layers: decoder.blocks.length,
    width: decoder.width,
    vocabularySize: decoder.vocabularySize,
    contextLength: decoder.contextLength,
    ...(decoder.labels && { labels: decoder.labels }),
  };
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
      const { values: _, ...result } = await run(packRows(rows, info), request);
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
      for (const tensor of checkpoint.parameters()) {
        const own = tensor.name.startsWith(decoder.prefix)
          ? tensor.name.slice(decoder.prefix.length)
          : tensor.name;
        const layer = /^(?:layers|h)\.(\d+)\./.exec(own)?.[1];
        yield { ...tensor, ...(layer !== undefined && { layer: Number(layer) }) };
      }
    },
    async dispose() {
      await graphs.dispose();
      checkpoint.close();
    },
  };
}

/** Throws `checkpoint-invalid` for weights that the checkpoint has not, or in another shape. */
function checkWeights({ name, shapeOf }: Checkpoint, needed: readonly Tensor[]): void {
  for (const { name: weight, shape } of needed) {
    const stored = shapeOf(weight);
    if (stored?.join() === shape.join()) continue;
    throw new FeedprintError({
      code: 'checkpoint-invalid',
      message: stored
        ? `${name}: ${weight} has shape [${stored.join(', ')}], config.json asks for [${shape.join(', ')}]`
        : `${name} holds no tensor ${weight}`,
      remedy: 'use the config.json that belongs to the weights',
    });
  }
}
