import { FeedprintError } from '@feedprint/core';
import type { GraphNode } from '../graph.ts';
import { ancestors } from '../serialize.ts';
import { notFed } from '../session.ts';
import type { Value } from '../session.ts';
import { shapeError } from '../tensor.ts';
import type { Tensor } from '../tensor.ts';
import type { Tf, TfTensor } from './kernel.ts';
import { kernels } from './kernels.ts';

/** A part of a graph that TensorFlow.js computes, its constants on the backend that was active when it was made. */
export interface Interpreter {
  /**
   * Takes one value per input and returns one tensor per named output, which the caller disposes of. `tf.grads` may
   * differentiate it. Throws `shape-mismatch` for an input that is missing or does not fit.
   */
  run(feeds: Readonly<Record<string, TfTensor | Value>>): Record<string, TfTensor>;
  /** Frees the constants. */
  dispose(): void;
}

/** Prepares what some tensors of one graph are computed from. Throws `internal` for an operator without a kernel. */
export function interpret(tf: Tf, outputs: Readonly<Record<string, Tensor>>): Interpreter {
  const named = Object.entries(outputs);
  const wanted = named.map(([, tensor]) => tensor);
  const graph = wanted[0]?.graph;
  const { nodes, used } = graph ? ancestors(graph, wanted) : { nodes: [], used: new Set<string>() };
  const unknown = nodes.find(({ operation }) => !kernels[operation]);
  if (unknown) throw noKernel(unknown);
  const inputs = (graph?.inputs ?? []).filter(({ name }) => used.has(name));
  const inputNames = inputs.map(({ name }) => name);
  const constants = new Map(
    (graph?.constants ?? [])
      .filter(({ tensor }) => used.has(tensor.name))
      .map(({ tensor, data }) => [
        tensor.name,
        tf.keep(toTf(tf, { data, shape: tensor.shape as readonly number[] })),
      ]),
  );
  const lastUse = lastUses(nodes);
  const kept = new Set(wanted.map(({ name }) => name));

  return {
    run: (feeds) =>
      tf.tidy(() => {
        const values = new Map(constants);
        for (const input of inputs) {
          const { name } = input;
          const fed = feeds[name];
          if (!fed) throw notFed(name, inputNames);
          if (!fits(input, fed.shape)) throw shapeError('an input', input, fed.shape);
          values.set(name, fed instanceof tf.Tensor ? fed : toTf(tf, fed));
        }
        for (const node of nodes) {
          compute(tf, node, values);
          for (const name of lastUse.get(node) ?? []) {
            if (!kept.has(name)) values.get(name)?.dispose();
          }
        }
        return Object.fromEntries(
          named.map(([name, tensor]) => [name, tf.clone(values.get(tensor.name) as TfTensor)]),
        );
      }),
    dispose: () => constants.forEach((tensor) => tensor.dispose()),
  };
}

const fits = ({ shape }: Tensor, fed: readonly number[]): boolean =>
  shape.length === fed.length &&
  shape.every((length, axis) => typeof length === 'string' || length === fed[axis]);

function compute(tf: Tf, node: GraphNode, values: Map<string, TfTensor>): void {
  const inputs = node.inputs.map(({ name }) => values.get(name) as TfTensor);
  const results = tf.tidy(() => {
    const result = kernels[node.operation]?.(tf, inputs, node.attributes) as TfTensor | TfTensor[];
    return Array.isArray(result) ? result : [result];
  });
  node.outputs.forEach((name, i) => values.set(name, results[i] as TfTensor));
}

/** Results of nodes that may be freed after a node, because it is the last to read them. */
function lastUses(nodes: readonly GraphNode[]): Map<GraphNode, string[]> {
  const computed = new Set(nodes.flatMap(({ outputs }) => outputs));
  const last = new Map<string, GraphNode>();
  for (const node of nodes) {
    for (const name of [...node.outputs, ...node.inputs.map((input) => input.name)]) {
      if (computed.has(name)) last.set(name, node);
    }
  }
  const freed = new Map<GraphNode, string[]>();
  for (const [name, node] of last) freed.set(node, [...(freed.get(node) ?? []), name]);
  return freed;
}

/** TensorFlow.js has no int64: indices become int32. */
function toTf(tf: Tf, { data, shape }: Value): TfTensor {
  if (data instanceof Float32Array) return tf.tensor(data, [...shape], 'float32');
  if (data instanceof Uint8Array) return tf.tensor(data, [...shape], 'bool');
  return tf.tensor(Int32Array.from(data, Number), [...shape], 'int32');
}

const noKernel = ({ operation, outputs }: GraphNode): FeedprintError =>
  new FeedprintError({
    code: 'internal',
    message: `TensorFlow.js has no kernel here for ${operation} (${outputs[0]})`,
    remedy: 'run the graph on onnxruntime, or add a kernel',
  });
