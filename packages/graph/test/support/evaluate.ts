import { Graph, createSession } from '../../src/index.ts';
import type { DataType, Tensor, Value } from '../../src/index.ts';

/** A value that the test feeds; its type follows from its data. */
export interface Fed extends Value {
  /** Shape as declared, where it differs from the value's: symbolic dimensions. */
  readonly declared?: readonly (number | string)[];
}

const typeOf = ({ data }: Value): DataType => {
  if (data instanceof Int32Array) return 'int32';
  return data instanceof BigInt64Array ? 'int64' : 'float32';
};

/** Builds a graph over the inputs, runs it once and gives the one output. */
export async function evaluate(
  inputs: readonly Fed[],
  build: (...x: Tensor[]) => Tensor,
): Promise<{ readonly numbers: number[]; readonly shape: readonly number[] }> {
  const graph = new Graph();
  const tensors = inputs.map((value, i) =>
    graph.input(`x${i}`, typeOf(value), value.declared ?? value.shape),
  );
  const session = await createSession(graph, { outputs: { y: build(...tensors) }, threads: 1 });
  try {
    const { y } = await session.run(Object.fromEntries(inputs.map((value, i) => [`x${i}`, value])));
    const { data, shape } = y as Value;
    return { numbers: Array.from(data, Number), shape };
  } finally {
    await session.dispose();
  }
}

/** f32 data counted from `first` in steps of 1. */
export function counted(shape: readonly number[], first = 0): Fed {
  const length = shape.reduce((a, b) => a * b, 1);
  return { data: Float32Array.from({ length }, (_, i) => first + i), shape };
}
