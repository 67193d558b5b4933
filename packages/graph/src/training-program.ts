import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import type { Graph } from './graph.ts';
import { partition } from './partition.ts';
import type { OrtModule } from './runtime.ts';
import { compile, notFed } from './session.ts';
import type { RuntimeOptions } from './start-session.ts';
import { sizeOf } from './tensor.ts';
import type { DataType, Tensor } from './tensor.ts';

/** Runs what some outputs need, in as many sessions as that takes; every output goes into a pre-allocated tensor. */
export interface TrainingProgram {
  run(inputs: Tensors, outputs: Tensors): Promise<void>;
  dispose(): Promise<void>;
}

/** By the names of the graph's tensors. */
export type Tensors = Readonly<Record<string, OrtTensor>>;

export async function createTrainingProgram(
  ort: OrtModule,
  graph: Graph,
  outputs: readonly Tensor[],
  options: RuntimeOptions,
): Promise<TrainingProgram> {
  const [first, ...serial] = await Promise.all(
    partition(graph, outputs).map(async (part) => ({
      session: await compile(graph, part, options),
      outputs: part.outputs.map(({ name }) => name),
      fed: part.fed,
    })),
  );
  // What is handed on is allocated once, unless its size is known only when it runs.
  const handed: Record<string, OrtTensor | null> = {};
  for (const tensor of serial.flatMap(({ fed }) => fed)) {
    handed[tensor.name] ??= isFixed(tensor) ? allocate(ort, tensor) : null;
  }
  const run = async (part: typeof first, inputs: Tensors, results: Fetches): Promise<Tensors> => {
    if (!part || part.outputs.length === 0) return {};
    const { session, outputs: names } = part;
    return session.run(pick(session.inputNames, inputs), pick(names, results));
  };
  return {
    async run(inputs, results) {
      const fetches = { ...handed, ...results };
      const feeds = { ...inputs, ...(await run(first, inputs, fetches)) };
      await Promise.all(serial.map((part) => run(part, feeds, fetches)));
    },
    async dispose() {
      for (const part of [first, ...serial]) await (part?.session as InferenceSession).release();
    },
  };
}

/** Where outputs go; `null` for what the runtime allocates. */
type Fetches = Readonly<Record<string, OrtTensor | null>>;

const isFixed = ({ shape }: Tensor): boolean =>
  shape.every((dimension) => typeof dimension === 'number');

function pick<T extends OrtTensor | null>(
  names: readonly string[],
  from: Readonly<Record<string, T>>,
): Record<string, T> {
  return Object.fromEntries(
    names.map((name) => {
      const tensor = from[name];
      if (tensor === undefined) throw notFed(name, names);
      return [name, tensor];
    }),
  );
}

/** A tensor of zeros. Throws `shape-mismatch` for a symbolic shape. */
export function allocate(ort: OrtModule, { type, shape }: Tensor): OrtTensor {
  const data = arrays[type](sizeOf(shape));
  return new ort.Tensor(type, data, shape as readonly number[]);
}

const arrays: Record<
  DataType,
  (length: number) => Float32Array | Int32Array | BigInt64Array | Uint8Array
> = {
  float32: (length) => new Float32Array(length),
  int32: (length) => new Int32Array(length),
  int64: (length) => new BigInt64Array(length),
  bool: (length) => new Uint8Array(length),
};
