import type { CheckpointModel } from '@feedprint/activations';
import { createWeights, surveyForward } from '@feedprint/activations/forward';
import { FeedprintError } from '@feedprint/core';
import type { Head } from '../methods/method.ts';
import { loraParameters } from './lora.ts';
import type { LoraLayer } from './lora.ts';
import type { PlannedParameter, Trainable } from './trainable.ts';

export interface PlanOptions {
  readonly model: CheckpointModel;
  readonly trainable: Trainable;
  readonly heads: readonly Head[];
  /** Decides how the first factors of low-rank updates begin. */
  readonly seed: number;
}

export interface ParameterPlan {
  /** Those of the model that are trained whole, then factors of updates, then the method's own. */
  readonly parameters: readonly PlannedParameter[];
  /** Low-rank updates by the weight that they belong to. */
  readonly lora: ReadonlyMap<string, LoraLayer>;
}

/** Throws `usage` for parameters and layers that the model does not have. */
export function planParameters({ model, trainable, heads, seed }: PlanOptions): ParameterPlan {
  const own = heads.map(({ name, shape, initial }): PlannedParameter => {
    const dimensions = shape(model.info.width);
    const size = dimensions.reduce((a, b) => a * b, 1);
    return { name, shape: dimensions, initial: () => initial?.(size) ?? new Float32Array(size) };
  });
  if (trainable.kind === 'lora') {
    const { parameters, layers } = loraParameters(model, trainable, seed);
    return { parameters: [...parameters, ...own], lora: layers };
  }
  const all = storedParameters(model);
  const wanted = trainable.kind === 'full' ? all : chosen(model, all, trainable.names);
  return { parameters: [...wanted, ...own], lora: new Map() };
}

/** Every weight that the model computes with, each once: a tied head is part of the embeddings. */
function storedParameters({ checkpoint }: CheckpointModel): PlannedParameter[] {
  const { decoder } = checkpoint;
  const { weights } = surveyForward({ decoder, weights: createWeights(checkpoint) });
  return weights
    .filter(({ name }) => checkpoint.infoOf(name)?.sameAs === undefined)
    .map(({ name, shape }) => ({
      name,
      shape: shape as readonly number[],
      initial: () => checkpoint.weight(name, shape as readonly number[]),
    }));
}

function chosen(
  { name, checkpoint }: CheckpointModel,
  all: readonly PlannedParameter[],
  names: readonly string[],
): PlannedParameter[] {
  const stored = new Set(names.map((wanted) => checkpoint.infoOf(wanted)?.sameAs ?? wanted));
  const found = all.filter((parameter) => stored.has(parameter.name));
  if (found.length === stored.size && found.length > 0) return found;
  const known = new Set(all.map((parameter) => parameter.name));
  const missing = [...stored].find((wanted) => !known.has(wanted));
  throw new FeedprintError({
    code: 'usage',
    message: missing
      ? `${name} has no parameter ${missing}`
      : `no parameter of ${name} was chosen for training`,
    remedy: `choose among its parameters, such as ${[...known].slice(0, 3).join(', ')}`,
  });
}
