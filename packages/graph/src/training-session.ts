import { FeedprintError } from '@feedprint/core';
import type { Tensor as OrtTensor } from 'onnxruntime-node';
import type { Graph } from './graph.ts';
import { loadRuntime } from './runtime.ts';
import { compile, notFed, toOrt } from './session.ts';
import type { Value } from './session.ts';
import { sizeOf } from './tensor.ts';
import type { Tensor } from './tensor.ts';

/** A value that lives from step to step: the graph reads `current` and computes `next`. */
export interface StateVariable {
  readonly current: Tensor;
  readonly next: Tensor;
  readonly initial: Float32Array;
}

export interface TrainingSessionOptions {
  readonly state: Readonly<Record<string, StateVariable>>;
  /** f32 scalars that each step reports. */
  readonly metrics: Readonly<Record<string, Tensor>>;
  /** Further outputs, read with `read` after a step. */
  readonly outputs?: Readonly<Record<string, Tensor>>;
  readonly threads?: number;
}

/** Runs one training step at a time, the state kept in two pre-allocated sets that swap: memory stays flat. */
export interface TrainingSession {
  /** Throws `numbers-invalid` naming the step and the metric that is NaN or infinite. */
  step(feeds: Readonly<Record<string, Value>>): Promise<Record<string, number>>;
  /** The state or output by name, a view that the next step may overwrite. */
  read(name: string): Float32Array;
  dispose(): Promise<void>;
}

export async function createTrainingSession(
  graph: Graph,
  options: TrainingSessionOptions,
): Promise<TrainingSession> {
  const ort = await loadRuntime();
  const state = Object.entries(options.state);
  const metrics = Object.entries(options.metrics);
  const outputs = Object.entries(options.outputs ?? {});
  const all = [...state.map(([, s]) => s.next), ...[...metrics, ...outputs].map(([, t]) => t)];
  const session = await compile(ort, graph, all, options.threads);

  const tensorFor = (tensor: Tensor, data = new Float32Array(sizeOf(tensor.shape))): OrtTensor =>
    toOrt(ort, { data, shape: tensor.shape as readonly number[] });
  let current = state.map(([, s]) => tensorFor(s.current, s.initial.slice()));
  let next = state.map(([, s]) => tensorFor(s.next));
  // One buffer per tensor, as two names may stand for one: a loss that is the mean squared error alone.
  const buffers = new Map<string, OrtTensor>();
  for (const [, tensor] of [...metrics, ...outputs]) {
    if (!state.some(([, s]) => s.next.name === tensor.name)) {
      buffers.set(tensor.name, buffers.get(tensor.name) ?? tensorFor(tensor));
    }
  }
  /** After a step. */
  const valueOf = ({ name }: Tensor): OrtTensor =>
    buffers.get(name) ?? (current[state.findIndex(([, s]) => s.next.name === name)] as OrtTensor);
  let steps = 0;

  return {
    async step(feeds) {
      const inputs: Record<string, OrtTensor> = {};
      for (const [name, value] of Object.entries(feeds)) inputs[name] = toOrt(ort, value);
      state.forEach(([, s], i) => (inputs[s.current.name] = current[i] as OrtTensor));
      const missing = session.inputNames.find((name) => !inputs[name]);
      if (missing !== undefined) throw notFed(missing, session.inputNames);
      const fetches: Record<string, OrtTensor> = Object.fromEntries(buffers);
      state.forEach(([, s], i) => (fetches[s.next.name] = next[i] as OrtTensor));
      await session.run(inputs, fetches);
      [current, next] = [next, current];
      steps++;
      return Object.fromEntries(
        metrics.map(([name, tensor]) => [name, finite(valueOf(tensor), name, steps)]),
      );
    },
    read(name) {
      const at = state.findIndex(([key]) => key === name);
      if (at >= 0) return (current[at] as OrtTensor).data as Float32Array;
      const [, tensor] = [...metrics, ...outputs].find(([key]) => key === name) ?? [];
      if (tensor) return valueOf(tensor).data as Float32Array;
      throw new FeedprintError({
        code: 'internal',
        message: `the training session has no ${name}`,
        remedy: 'read a state variable, metric or output by its name',
      });
    },
    dispose: () => session.release(),
  };
}

function finite(tensor: OrtTensor, name: string, step: number): number {
  const value = (tensor.data as Float32Array)[0] as number;
  if (Number.isFinite(value)) return value;
  throw new FeedprintError({
    code: 'numbers-invalid',
    message: `training stopped at step ${step}: ${name} is ${value}`,
    remedy: 'lower the learning rate or check the activations',
  });
}
