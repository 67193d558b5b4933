import { FeedprintError } from '@feedprint/core';
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import type { Graph, TensorData } from './graph.ts';
import type { Part } from './partition.ts';
import { loadRuntime } from './runtime.ts';
import type { OrtModule } from './runtime.ts';
import { ancestors, serialize } from './serialize.ts';
import { startSession } from './start-session.ts';
import type { RuntimeOptions } from './start-session.ts';
import type { Tensor } from './tensor.ts';

/** Data with its shape, as it goes into and comes out of a session. */
export interface Value {
  readonly data: TensorData;
  readonly shape: readonly number[];
}

export interface SessionOptions extends RuntimeOptions {
  /** Names under which `run` returns the graph's tensors. */
  readonly outputs: Readonly<Record<string, Tensor>>;
}

/** A graph that is ready to run. */
export interface Session {
  /** Names of the inputs that a run needs. */
  readonly inputs: readonly string[];
  /** Takes one value per input and returns one per named output. */
  run(feeds: Readonly<Record<string, Value>>): Promise<Record<string, Value>>;
  dispose(): Promise<void>;
}

/** Compiles the part of a graph that the outputs need. Throws `dependency-missing` without onnxruntime-node. */
export async function createSession(graph: Graph, options: SessionOptions): Promise<Session> {
  const ort = await loadRuntime();
  const names = Object.entries(options.outputs);
  const session = await compile(
    graph,
    { outputs: names.map(([, tensor]) => tensor), fed: [] },
    options,
  );
  return {
    inputs: session.inputNames,
    async run(feeds) {
      const results = await session.run(toOrtFeeds(ort, session, feeds));
      return Object.fromEntries(
        names.map(([name, tensor]) => [name, fromOrt(results[tensor.name] as OrtTensor)]),
      );
    },
    dispose: () => session.release(),
  };
}

/** Compiles a part of a graph. One that holds a serial node gets one thread. Throws `dependency-missing` for a device that does not work. */
export function compile(
  graph: Graph,
  { outputs, fed }: Pick<Part, 'outputs' | 'fed'>,
  runtime: RuntimeOptions,
): Promise<InferenceSession> {
  const alone = ancestors(graph, outputs, fed).nodes.some(({ serial }) => serial);
  return startSession(
    serialize(graph, outputs, fed),
    alone ? { ...runtime, threads: 1 } : runtime,
    (words, cause) =>
      new FeedprintError({
        code: 'internal',
        message: `onnxruntime rejected the graph: ${words}`,
        remedy: 'check the shapes of what was built',
        cause,
      }),
  );
}

const ortType = (data: TensorData): 'float32' | 'int32' | 'int64' | 'bool' => {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Int32Array) return 'int32';
  return data instanceof BigInt64Array ? 'int64' : 'bool';
};

export function toOrt(ort: OrtModule, { data, shape }: Value): OrtTensor {
  return new ort.Tensor(ortType(data), data, shape);
}

function fromOrt(tensor: OrtTensor): Value {
  return { data: tensor.data as TensorData, shape: tensor.dims };
}

function toOrtFeeds(
  ort: OrtModule,
  session: InferenceSession,
  feeds: Readonly<Record<string, Value>>,
): Record<string, OrtTensor> {
  return Object.fromEntries(
    session.inputNames.map((name) => {
      const value = feeds[name];
      if (!value) throw notFed(name, session.inputNames);
      return [name, toOrt(ort, value)];
    }),
  );
}

export const notFed = (name: string, all: readonly string[]): FeedprintError =>
  new FeedprintError({
    code: 'shape-mismatch',
    message: `the graph's input ${name} was not fed`,
    remedy: `feed all of: ${all.join(', ')}`,
  });
