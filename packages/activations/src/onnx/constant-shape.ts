import { changesNothing } from './graph-index.ts';
import type { GraphIndex } from './graph-index.ts';
import type { OnnxNode } from './onnx-model.ts';

/** Shape of a tensor that follows from weights, where it is easy to see. */
export function constantShape(index: GraphIndex, tensor: string): readonly number[] | undefined {
  let name = tensor;
  const transposes: OnnxNode[] = [];
  for (;;) {
    const stored = index.graph.initializers.get(name);
    if (stored) return transposes.reduceRight(transpose, stored.shape);
    const node = index.nodes[index.maker(name) ?? -1];
    if (!node) return undefined;
    if (node.operation === 'Transpose') transposes.push(node);
    else if (!changesNothing(node) && node.operation !== 'DequantizeLinear') return undefined;
    name = node.inputs[0] as string;
  }
}

function transpose(shape: readonly number[], node: OnnxNode): readonly number[] {
  const order = node.attributes.get('perm')?.ints;
  return order ? order.map((axis) => shape[axis] ?? 0) : [...shape].reverse();
}
