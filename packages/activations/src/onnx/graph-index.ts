import type { OnnxGraph, OnnxNode } from './onnx-model.ts';

/**
 * Which nodes make and read each tensor of a graph. Nodes are identified by their places, which are in an order of
 * computation.
 */
export interface GraphIndex {
  readonly graph: OnnxGraph;
  readonly nodes: readonly OnnxNode[];
  /** Place of the node that makes a tensor; `undefined` for inputs and weights. */
  maker(tensor: string): number | undefined;
  /** Places of the nodes that read a tensor, in order. */
  readers(tensor: string): readonly number[];
  /** Whether a tensor follows from weights alone. */
  isConstant(tensor: string): boolean;
}

export function indexGraph(graph: OnnxGraph): GraphIndex {
  const makers = new Map<string, number>();
  const readers = new Map<string, number[]>();
  const constants = new Set(graph.initializers.keys());
  graph.nodes.forEach((node, place) => {
    const read = readsOf(node);
    for (const input of new Set(read)) {
      const list = readers.get(input);
      if (list) list.push(place);
      else readers.set(input, [place]);
    }
    const constant = read.every((input) => constants.has(input)) && !isRandom(node);
    for (const output of node.outputs) {
      if (output === '') continue;
      makers.set(output, place);
      if (constant) constants.add(output);
    }
  });
  return {
    graph,
    nodes: graph.nodes,
    maker: (tensor) => makers.get(tensor),
    readers: (tensor) => readers.get(tensor) ?? [],
    isConstant: (tensor) => constants.has(tensor),
  };
}

/** All tensors that a node reads, including those read in its subgraphs. */
export const readsOf = (node: OnnxNode): string[] =>
  [...node.inputs, ...node.captured].filter((input) => input !== '');

const isRandom = ({ operation }: OnnxNode): boolean => operation.startsWith('Random');

/** Operators that return sizes, not numbers: their results do not depend on the values they read. */
export const givesSizes = ({ operation }: OnnxNode): boolean =>
  operation === 'Shape' || operation === 'Size';

/** Operators that leave a tensor the same, apart from its type. */
export const changesNothing = ({ operation }: OnnxNode): boolean =>
  operation === 'Identity' || operation === 'Cast' || operation === 'Dropout';
