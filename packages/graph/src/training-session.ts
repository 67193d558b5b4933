import { FeedprintError } from '@feedprint/core';
import type { Tensor as OrtTensor } from 'onnxruntime-node';
import { suspects } from './diagnose.ts';
import type { Graph } from './graph.ts';
import { loadRuntime } from './runtime.ts';
import { toOrt } from './session.ts';
import type { Value } from './session.ts';
import type { RuntimeOptions } from './start-session.ts';
import type { Tensor } from './tensor.ts';
import { allocate, createTrainingProgram } from './training-program.ts';
import type { TrainingProgram } from './training-program.ts';

/** A value that lives from step to step: the graph reads `current` and computes `next`. */
export interface StateVariable {
  readonly current: Tensor;
  readonly next: Tensor;
  readonly initial: Float32Array;
}

/** What a step computes instead of the state's own `next`, by the state's names, and what it reports. */
export interface StepVariant {
  readonly next: Readonly<Record<string, Tensor>>;
  readonly metrics: Readonly<Record<string, Tensor>>;
}

export interface TrainingSessionOptions extends RuntimeOptions {
  readonly state: Readonly<Record<string, StateVariable>>;
  /** f32 scalars that each step reports. */
  readonly metrics: Readonly<Record<string, Tensor>>;
  /** Other steps over the same state, by name; compiled when first taken. */
  readonly variants?: Readonly<Record<string, StepVariant>>;
}

/** Runs one training step at a time, the state kept in two pre-allocated sets that swap: memory stays flat. */
export interface TrainingSession {
  /**
   * Takes a step, or the named variant of one, and returns its metrics. Throws `numbers-invalid` when a metric is NaN or
   * infinite, naming the step and the first tensor that is not finite; the state is then as it was before the step.
   */
  step(feeds: Readonly<Record<string, Value>>, variant?: string): Promise<Record<string, number>>;
  /** The state by name, a view that the step after the next overwrites. */
  read(name: string): Float32Array;
  /** Replaces the state of that name. */
  write(name: string, data: Float32Array): void;
  dispose(): Promise<void>;
}

/** Compiles a training step. Throws `dependency-missing` without onnxruntime-node or for a device that does not work. */
export async function createTrainingSession(
  graph: Graph,
  { state, metrics, variants = {}, ...runtime }: TrainingSessionOptions,
): Promise<TrainingSession> {
  const ort = await loadRuntime();
  const names = Object.keys(state);
  const stateOf = (name: string): StateVariable => known(state[name], name, names);
  const own: StepVariant = {
    next: Object.fromEntries(names.map((name) => [name, stateOf(name).next])),
    metrics,
  };
  let current = new Map(
    names.map((name) => {
      const tensor = allocate(ort, stateOf(name).current);
      (tensor.data as Float32Array).set(stateOf(name).initial);
      return [name, tensor];
    }),
  );
  let next = new Map(names.map((name) => [name, allocate(ort, stateOf(name).current)]));
  let steps = 0;

  const prepare = async ({ next: nexts, metrics: reported }: StepVariant): Promise<Prepared> => {
    const scalars = Object.fromEntries(
      Object.values(reported).map((tensor) => [tensor.name, allocate(ort, tensor)]),
    );
    const outputs = [...names.map((name) => known(nexts[name], name, Object.keys(nexts)))];
    outputs.push(...Object.values(reported));
    return { program: await createTrainingProgram(ort, graph, outputs, runtime), scalars };
  };
  const prepared = new Map<StepVariant, Prepared>([[own, await prepare(own)]]);

  const inputsOf = (feeds: Readonly<Record<string, Value>>): Record<string, OrtTensor> => ({
    ...Object.fromEntries(Object.entries(feeds).map(([name, value]) => [name, toOrt(ort, value)])),
    ...Object.fromEntries(
      names.map((name) => [stateOf(name).current.name, current.get(name) as OrtTensor]),
    ),
  });

  /** The first tensor behind `value` with a number that is not finite. */
  const culprit = async (value: Tensor, inputs: Record<string, OrtTensor>): Promise<string> => {
    const found = suspects(graph, value);
    const flags = Object.fromEntries(found.map(({ flag }) => [flag.name, allocate(ort, flag)]));
    const program = await createTrainingProgram(
      ort,
      graph,
      found.map(({ flag }) => flag),
      runtime,
    );
    await program.run(inputs, flags);
    await program.dispose();
    const first = found.find(({ flag }) => Number.isNaN(flags[flag.name]?.data[0]));
    return (first?.tensor ?? value).name;
  };

  return {
    async step(feeds, variantName) {
      const variant =
        variantName === undefined
          ? own
          : known(variants[variantName], variantName, Object.keys(variants));
      const { program, scalars } = prepared.get(variant) ?? (await prepare(variant));
      prepared.set(variant, { program, scalars });
      const inputs = inputsOf(feeds);
      const results = { ...scalars };
      for (const name of names) {
        results[(variant.next[name] as Tensor).name] = next.get(name) as OrtTensor;
      }
      await program.run(inputs, results);
      const values = Object.entries(variant.metrics).map(
        ([name, { name: tensor }]) => [name, Number(results[tensor]?.data[0])] as const,
      );
      const bad = values.find(([, value]) => !Number.isFinite(value));
      if (bad) {
        const [name, value] = bad;
        const tensor = await culprit(variant.metrics[name] as Tensor, inputs);
        throw notFinite(steps + 1, name, value, tensor);
      }
      [current, next] = [next, current];
      steps++;
      return Object.fromEntries(values);
    },
    read: (name) => known(current.get(name), name, names).data as Float32Array,
    write(name, data) {
      (known(current.get(name), name, names).data as Float32Array).set(data);
    },
    async dispose() {
      for (const { program } of prepared.values()) await program.dispose();
    },
  };
}

interface Prepared {
  readonly program: TrainingProgram;
  /** Tensors of the metrics, by tensor name. */
  readonly scalars: Readonly<Record<string, OrtTensor>>;
}

export function known<T>(value: T | undefined, name: string, names: readonly string[]): T {
  if (value !== undefined) return value;
  throw new FeedprintError({
    code: 'internal',
    message: `the training session has no ${name}`,
    remedy: `use one of ${names.join(', ')}`,
  });
}

export const notFinite = (
  step: number,
  metric: string,
  value: number,
  tensor: string,
): FeedprintError =>
  new FeedprintError({
    code: 'numbers-invalid',
    message: `training stopped at step ${step}: ${metric} is ${value}; the first tensor that is not finite is ${tensor}`,
    remedy: 'lower the learning rate or check the activations',
  });
