import type * as TfCore from '@tensorflow/tfjs-core';
import type { GraphNode } from '../graph.ts';

/** The module `@tensorflow/tfjs-core`, or one that re-exports it: `@tensorflow/tfjs`, `@tensorflow/tfjs-node`. */
export type Tf = typeof TfCore;

export type TfTensor = TfCore.Tensor;

/** Computes an ONNX operator's outputs, or its only one. */
export type Kernel = (
  tf: Tf,
  inputs: readonly TfTensor[],
  attributes: GraphNode['attributes'],
) => TfTensor | readonly TfTensor[];

/** What an operator computes when none of its inputs gets a gradient. */
export function withoutGradient(
  tf: Tf,
  inputs: readonly TfTensor[],
  compute: (...inputs: TfTensor[]) => TfTensor,
): TfTensor {
  const shapes = inputs.map(({ shape }) => shape);
  const run = tf.customGrad((...given) => ({
    value: compute(...(given.slice(0, inputs.length) as TfTensor[])),
    gradFunc: () => shapes.map((shape) => tf.zeros(shape)),
  }));
  return run(...inputs);
}

/** Shapes, axes and counts are tensors in ONNX. */
export const integersOf = (tensor: TfTensor): number[] => Array.from(tensor.dataSync());

/** The same integers, cut off from gradients: TensorFlow.js would ask for the gradient of indices. */
export const detached = (tf: Tf, integers: TfTensor): TfTensor =>
  tf.tensor(integers.dataSync(), integers.shape, 'int32');

/** Moves an axis to the end, computes, and moves it back. */
export function alongLast(
  tf: Tf,
  inputs: readonly TfTensor[],
  axis: number,
  compute: (...moved: Moved) => TfTensor,
): TfTensor {
  const last = (inputs[0] as TfTensor).rank - 1;
  const order = Array.from({ length: last + 1 }, (_, i) =>
    i === axis ? last : i === last ? axis : i,
  );
  const moved = inputs.map((tensor) => tf.transpose(tensor, order)) as unknown as Moved;
  return tf.transpose(compute(...moved), order);
}

type Moved = [TfTensor, TfTensor, TfTensor];
