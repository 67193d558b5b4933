import { FeedprintError } from '@feedprint/core';
import type { LanguageModel, ModelInfo } from '@feedprint/core';
import type { RuntimeOptions } from '@feedprint/graph';
import { createWeights } from '../architectures/weights.ts';
import { openCheckpoint } from '../checkpoint/checkpoint.ts';
import type { Checkpoint, UntrainedOptions } from '../checkpoint/checkpoint.ts';
import { resolveModel } from '../checkpoint/hub.ts';
import type { HubOptions } from '../checkpoint/hub.ts';
import { generateWith } from '../generation/generate.ts';
import { findOnnxFile } from '../onnx/find-onnx-file.ts';
import { loadOnnxModel } from '../onnx/load-onnx-model.ts';
import type { OnnxLanguageModel } from '../onnx/load-onnx-model.ts';
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

/** A language model of a checkpoint's weights. */
export interface CheckpointModel extends LanguageModel {
  /** What the checkpoint contains but the model does not use, such as a value head. */
  readonly unused: readonly string[];
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
    return createModel(checkpoint, runtime);
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

/** Buffers that old exports store alongside the parameters. */
const buffers = /(\.(attn|attention)\.(bias|masked_bias)|rotary_emb\.inv_freq)$/;

function createModel(checkpoint: Checkpoint, runtime: RuntimeOptions): CheckpointModel {
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
    parameters: () => checkpoint.parameters(read),
    unused: checkpoint.names.filter((weight) => !read.has(weight) && !buffers.test(weight)),
    async dispose() {
      await graphs.dispose();
      checkpoint.close();
    },
  };
}
