import type { CheckpointModel } from '@feedprint/activations';
import { addLowRank, transposed } from '@feedprint/activations/forward';
import { FeedprintError } from '@feedprint/core';
import type { LanguageModel } from '@feedprint/core';
import type { LoraLayer } from './lora.ts';
import type { ParameterBuffer } from './parameter-buffer.ts';
import type { ParameterPlan } from './plan-parameters.ts';

/**
 * The model's weights that training has changed, by name: views of the buffer, and for layers with low-rank updates
 * their merged weights, in arrays that the next call fills again.
 */
export function createCurrentWeights(
  { checkpoint, transformer }: CheckpointModel,
  { lora }: ParameterPlan,
  buffer: ParameterBuffer,
): () => Map<string, Float32Array> {
  const merged = new Map<string, Float32Array>();
  const data = (name: string): Float32Array => buffer.view(name).data as Float32Array;
  return () => {
    const changed = new Map<string, Float32Array>();
    for (const { name } of buffer.places)
      if (checkpoint.infoOf(name)) changed.set(name, data(name));
    for (const name of checkpoint.names) {
      const shared = checkpoint.infoOf(name)?.sameAs;
      const own = shared === undefined ? undefined : changed.get(shared);
      if (own) changed.set(name, own);
    }
    for (const [weight, layer] of lora) {
      const into = merged.get(weight) ?? new Float32Array(layer.input * layer.output);
      merged.set(weight, into);
      into.set(transformer.weights.values([weight])[weight]?.data as Float32Array);
      addUpdate(into, layer, data(layer.a), data(layer.b));
      changed.set(weight, into);
    }
    return changed;
  };
}

function addUpdate(
  weight: Float32Array,
  { input, output, rank, scale, inputFirst }: LoraLayer,
  a: Float32Array,
  b: Float32Array,
): void {
  addLowRank(
    weight,
    inputFirst
      ? {
          ...{ rows: input, columns: output, rank, scale },
          left: transposed(a, rank, input),
          right: transposed(b, output, rank),
        }
      : { rows: output, columns: input, rank, scale, left: b, right: a },
  );
}

/** A model with these weights in place of its own. Throws `usage` where they cannot be exchanged. */
export function withWeights(
  model: CheckpointModel,
  changed: ReadonlyMap<string, Float32Array>,
): LanguageModel {
  if (model.withParameters) return model.withParameters(changed);
  throw new FeedprintError({
    code: 'usage',
    message: `the parameters of ${model.name} cannot be exchanged`,
    remedy: 'use a checkpoint',
  });
}
