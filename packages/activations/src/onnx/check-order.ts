import { invalidOnnx } from './onnx-model.ts';
import type { OnnxGraph } from './onnx-model.ts';

/**
 * Checks that nodes come after what they read and that no tensor is made twice, as ONNX requires. Throws
 * `checkpoint-invalid`.
 */
export function checkOrder(file: string, graph: OnnxGraph): void {
  const known = new Set(graph.inputs.map(({ name }) => name));
  for (const name of graph.initializers.keys()) known.add(name);
  for (const node of graph.nodes) {
    for (const input of [...node.inputs, ...node.captured]) {
      if (input === '' || known.has(input)) continue;
      throw invalidOnnx(file, `the node ${node.name} reads ${input} before it is made`);
    }
    for (const output of node.outputs) {
      if (output === '') continue;
      if (known.has(output)) throw invalidOnnx(file, `the tensor ${output} is made twice`);
      known.add(output);
    }
  }
  for (const { name } of graph.outputs) {
    if (!known.has(name)) throw invalidOnnx(file, `nothing makes its output ${name}`);
  }
}
