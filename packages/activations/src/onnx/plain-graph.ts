import { checkOrder } from './check-order.ts';
import { unsupportedOnnx } from './onnx-model.ts';
import type { OnnxFile, OnnxGraph, OnnxNode } from './onnx-model.ts';
import { makeNode } from './write-onnx.ts';

/** Default of both fused operators' `epsilon` (onnxruntime, ContribOperators.md). */
const FUSED_EPSILON = 1e-12;
/** The input of merged decoders that, if true, selects the branch with a cache. */
const CHOICE = 'use_cache_branch';

/**
 * The same computation with the residual stream in plain sight: the branch without a cache instead of the `If` of
 * merged decoders, and additions and norms instead of Skip(Simplified)LayerNormalization. onnxruntime fuses them again
 * where nothing is read in between.
 */
export function toPlainGraph(model: OnnxFile): OnnxGraph {
  const graph = withoutCacheBranch(model);
  const constants = new Set(graph.initializers.keys());
  const madeBy = new Map(
    graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)),
  );
  const nodes = graph.nodes.flatMap((node) => {
    if (node.domain !== 'com.microsoft') return [node];
    if (node.operation === 'SkipLayerNormalization') return unfused(node, madeBy, constants, true);
    if (node.operation === 'SkipSimplifiedLayerNormalization') {
      return unfused(node, madeBy, constants, false);
    }
    return [node];
  });
  const plain = { ...graph, nodes };
  checkOrder(model.file, plain);
  return plain;
}

/** The name of an unfused node's sum if the fused node did not output it. */
const sumOf = (node: OnnxNode): string => node.outputs[3] || `${node.outputs[0]}:sum`;

function unfused(
  node: OnnxNode,
  madeBy: ReadonlyMap<string, OnnxNode>,
  constants: ReadonlySet<string>,
  centred: boolean,
): OnnxNode[] {
  const [first = '', second = '', scale = '', ...rest] = node.inputs;
  const shift = centred ? rest[0] : undefined;
  const bias = centred ? rest[1] : rest[0];
  const nodes: OnnxNode[] = [];
  const sum = sumOf(node);
  let terms = [first, second];
  if (bias) {
    // The bias belongs to the projection that ends a branch, not to the stream.
    const ofSecond = endsBranch(madeBy.get(second), constants);
    const branch = ofSecond && !endsBranch(madeBy.get(first), constants) ? 1 : 0;
    const biased = `${sum}:biased`;
    nodes.push(makeNode('Add', [terms[branch] as string, bias], [biased]));
    terms = branch === 0 ? [biased, second] : [first, biased];
  }
  nodes.push(makeNode('Add', terms, [sum]));
  const epsilon = { float: node.attributes.get('epsilon')?.float ?? FUSED_EPSILON };
  nodes.push(
    makeNode(
      centred ? 'LayerNormalization' : 'SimplifiedLayerNormalization',
      [sum, scale, ...(shift ? [shift] : [])],
      [node.outputs[0] as string],
      { axis: { int: -1 }, epsilon },
    ),
  );
  return nodes;
}

/** Whether the tensor is made by a projection without a bias of its own, possibly followed by reshapes. */
function endsBranch(node: OnnxNode | undefined, constants: ReadonlySet<string>): boolean {
  const operation = node?.operation ?? '';
  if (operation === 'Reshape') return true;
  return (
    operation.includes('MatMul') ||
    (operation === 'Gemm' && !constants.has(node?.inputs[2] ?? '')) ||
    operation.includes('Attention')
  );
}

function withoutCacheBranch(model: OnnxFile): OnnxGraph {
  const { graph } = model;
  const inputs = new Set(graph.inputs.map(({ name }) => name));
  const at = graph.nodes.findIndex(
    ({ operation, domain, inputs: [condition = ''] }) =>
      operation === 'If' && domain === '' && inputs.has(condition),
  );
  const choice = graph.nodes[at];
  if (!choice) return graph;
  const branch = choice.attributes.get('else_branch')?.graph;
  if (choice.inputs[0] !== CHOICE || !branch) {
    throw unsupportedOnnx(
      model.file,
      `its input ${choice.inputs[0]} chooses between two graphs`,
      'export it again, as one graph',
    );
  }
  const named = branch.outputs.flatMap(({ name }, i) => {
    const outer = choice.outputs[i];
    return outer && outer !== name ? [makeNode('Identity', [name], [outer])] : [];
  });
  const nodes = [...graph.nodes];
  nodes.splice(at, 1, ...branch.nodes, ...named);
  return {
    ...graph,
    inputs: graph.inputs.filter(({ name }) => name !== CHOICE),
    nodes,
    initializers: new Map([...graph.initializers, ...branch.initializers]),
  };
}
