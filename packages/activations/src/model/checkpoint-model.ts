import type { LanguageModel, ModelInfo } from '@feedprint/core';
import type { RuntimeOptions } from '@feedprint/graph';
import type { Transformer } from '../architectures/forward.ts';
import { createWeights } from '../architectures/weights.ts';
import { changedCheckpoint } from '../checkpoint/changed-checkpoint.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { generateWith } from '../generation/generate.ts';
import { createCachedStepper } from './cached-stepper.ts';
import { createCompiledGraphs } from './compiled-graphs.ts';
import type { CompiledGraphs } from './compiled-graphs.ts';
import { createEditedPasses } from './edited-passes.ts';
import { surveyForward } from './forward-graph.ts';
import { createDifferentiator } from './gradients.ts';
import { createPasses } from './passes.ts';
import { createRunner } from './run-model.ts';
import { beforePadding, paddingOf } from './scored-position.ts';
import { packRows } from './token-batch.ts';

/** A language model of a checkpoint's weights. */
export interface CheckpointModel extends LanguageModel {
  /** What it was built from; `@feedprint/activations/forward` builds other graphs over both. */
  readonly checkpoint: Checkpoint;
  readonly transformer: Transformer;
  /** What the checkpoint contains but the model does not use, such as a value head. */
  readonly unused: readonly string[];
}

/** Buffers that old exports store alongside the parameters. */
const buffers = /(\.(attn|attention)\.(bias|masked_bias)|rotary_emb\.inv_freq)$/;

/** Builds the model and checks its weights against the checkpoint's headers; `shared` are the graphs of a model that differs in numbers alone. */
export function createCheckpointModel(
  checkpoint: Checkpoint,
  runtime: RuntimeOptions,
  shared?: CompiledGraphs,
): CheckpointModel {
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
  const graphs = shared ?? createCompiledGraphs(runtime);
  const passes = createEditedPasses(createPasses(transformer, sites, graphs), sites);
  const run = createRunner({ passes, info });
  const keysHoldTo = decoder.blocks[0]?.attention.rotary?.long?.beyond;
  return {
    checkpoint,
    transformer,
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
    withParameters: (changed) =>
      createCheckpointModel(
        changedCheckpoint(checkpoint, weights, changed),
        runtime,
        compiledIn ? undefined : graphs,
      ),
    unused: checkpoint.names.filter((weight) => !read.has(weight) && !buffers.test(weight)),
    async dispose() {
      if (!shared) await graphs.dispose();
      checkpoint.close();
    },
  };
}
