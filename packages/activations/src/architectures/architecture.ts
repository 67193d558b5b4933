import type { SiteInfo } from '@feedprint/core';
import type { Graph, Tensor } from '@feedprint/graph';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';

/** Passes every named activation on, or puts an edited one in its place. */
export type Tap = (site: string, activation: Tensor) => Tensor;

export interface ForwardInputs {
  /** Token ids, int32 `[batch, length]`. */
  readonly ids: Tensor;
  /** 0, 1, 2, ... int32 `[length]`. */
  readonly positions: Tensor;
}

/** A model's forward pass as graph nodes: one short file per architecture implements this. */
export interface Architecture {
  readonly layers: number;
  readonly width: number;
  readonly vocabularySize: number;
  readonly contextLength: number;
  readonly sites: readonly SiteInfo[];
  /** Which block a parameter belongs to; `undefined` for embeddings and the final norm. */
  layerOf(parameter: string): number | undefined;
  /** Final residual stream after the last norm, `[batch, length, width]`. */
  forward(graph: Graph, inputs: ForwardInputs, tap: Tap): Tensor;
  /** Logits `[rows, vocabulary]` of final residual rows `[rows, width]`. */
  unembed(graph: Graph, rows: Tensor): Tensor;
}

/** Weights of a checkpoint as graph constants, each read and transposed once. */
export interface Weights {
  /** A vector or table, as stored. */
  (graph: Graph, name: string, shape: readonly number[]): Tensor;
  /** A linear layer's matrix, stored `[output, input]`, as `[input, output]`; `order[i]` is the stored row of output i. */
  linear(
    graph: Graph,
    name: string,
    input: number,
    output: number,
    order?: readonly number[],
  ): Tensor;
}

export function createWeights(checkpoint: Checkpoint): Weights {
  const known = new Map<string, Float32Array>();
  const cached = (key: string, make: () => Float32Array): Float32Array => {
    let data = known.get(key);
    if (!data) known.set(key, (data = make()));
    return data;
  };
  const weights = (graph: Graph, name: string, shape: readonly number[]): Tensor =>
    graph.constant(
      cached(name, () => checkpoint.weight(name, shape)),
      shape,
      name,
    );
  const linear: Weights['linear'] = (graph, name, input, output, order) => {
    const key = `${name}.transposed`;
    const data = cached(key, () =>
      transposed(checkpoint.weight(name, [output, input]), input, output, order),
    );
    return graph.constant(data, [input, output], key);
  };
  return Object.assign(weights, { linear });
}

function transposed(
  stored: Float32Array,
  input: number,
  output: number,
  order?: readonly number[],
): Float32Array {
  const result = new Float32Array(stored.length);
  for (let o = 0; o < output; o++) {
    const from = (order?.[o] ?? o) * input;
    for (let i = 0; i < input; i++) result[i * output + o] = stored[from + i] as number;
  }
  return result;
}
