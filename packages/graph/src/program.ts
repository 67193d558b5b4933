import type { Tensor as OrtTensor } from 'onnxruntime-node';
import type { Graph } from './graph.ts';
import { loadRuntime } from './runtime.ts';
import { toOrt } from './session.ts';
import type { Value } from './session.ts';
import type { RuntimeOptions } from './start-session.ts';
import type { Tensor } from './tensor.ts';
import { createTrainingProgram } from './training-program.ts';

/** A graph that writes what it computes where its caller wants it. */
export interface Program {
  /**
   * Runs the graph on `feeds`, by the names of its inputs, and writes each output into the array that `into` has under
   * the tensor's name; no array may be both.
   */
  run(feeds: Readonly<Record<string, Value>>, into: Readonly<Record<string, Value>>): Promise<void>;
  dispose(): Promise<void>;
}

/**
 * Compiles what the outputs need, all of them of fixed shapes, with serial nodes in sessions of their own. Throws what
 * `createSession` throws.
 */
export async function createProgram(
  graph: Graph,
  outputs: readonly Tensor[],
  options: RuntimeOptions = {},
): Promise<Program> {
  const ort = await loadRuntime();
  const program = await createTrainingProgram(ort, graph, outputs, options);
  const tensors = (values: Readonly<Record<string, Value>>): Record<string, OrtTensor> =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toOrt(ort, value)]));
  return {
    run: (feeds, into) => program.run(tensors(feeds), tensors(into)),
    dispose: () => program.dispose(),
  };
}
