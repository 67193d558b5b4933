import { givesSizes, readsOf } from './graph-index.ts';
import type { GraphIndex } from './graph-index.ts';
import type { OnnxNode } from './onnx-model.ts';

/** How a tensor is computed from the residual stream. */
export interface Cone {
  /** Places of the nodes between the stream and the tensor, in order, without those of masks and position tables. */
  readonly places: readonly number[];
  /** Tensors of the stream from which it is computed. */
  readonly from: ReadonlySet<string>;
  /** The tensors made along the way, and those of the stream. */
  isData(tensor: string): boolean;
}

/** Follows a tensor back to the tensors of `stream`; what does not come from them is left out. */
export function coneOf(index: GraphIndex, tensor: string, stream: ReadonlySet<string>): Cone {
  const seen = new Set<number>();
  const open = [tensor];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (stream.has(name) || index.isConstant(name)) continue;
    const place = index.maker(name);
    if (place === undefined || seen.has(place)) continue;
    const node = index.nodes[place] as OnnxNode;
    if (givesSizes(node)) continue;
    seen.add(place);
    open.push(...readsOf(node));
  }
  const data = new Set<string>();
  const from = new Set<string>();
  const places: number[] = [];
  for (const place of [...seen].sort((a, b) => a - b)) {
    const node = index.nodes[place] as OnnxNode;
    const read = readsOf(node).filter((name) => stream.has(name) || data.has(name));
    if (read.length === 0) continue;
    for (const name of read) if (stream.has(name)) from.add(name);
    for (const output of node.outputs) data.add(output);
    places.push(place);
  }
  if (stream.has(tensor)) from.add(tensor);
  return { places, from, isData: (name) => data.has(name) || stream.has(name) };
}

/** Names of fused attention operators (ONNX 23 and com.microsoft). */
const isFusedAttention = ({ operation }: OnnxNode): boolean =>
  operation.endsWith('Attention') || operation === 'QAttention';

const isProduct = ({ operation }: OnnxNode): boolean =>
  /MatMul|Gemm/.test(operation) || operation === 'Einsum';

/** Whether a branch lets positions see each other: one fused operator, or a product of two computed tensors. */
export function hasAttention(index: GraphIndex, cone: Cone): boolean {
  return cone.places.some((place) => {
    const node = index.nodes[place] as OnnxNode;
    if (isFusedAttention(node)) return true;
    return isProduct(node) && node.inputs.slice(0, 2).every((name) => cone.isData(name));
  });
}

/** A product of a computed tensor with a weight. */
export interface Projection {
  readonly node: OnnxNode;
  /** The computed tensor. */
  readonly input: string;
  /** The weight, `[in, out]` unless the operator says otherwise. */
  readonly weight: string;
}

/** The last projections before a tensor: just one, if a branch ends in `down` or `out`, its bias and perhaps a norm. */
export function lastProjections(index: GraphIndex, tensor: string, cone: Cone): Projection[] {
  const found: Projection[] = [];
  const seen = new Set<number>();
  const own = new Set(cone.places);
  const open = [tensor];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const place = index.maker(name);
    if (place === undefined || seen.has(place) || !own.has(place)) continue;
    seen.add(place);
    const node = index.nodes[place] as OnnxNode;
    const projection = toProjection(index, node, cone);
    if (projection) found.push(projection);
    else open.push(...node.inputs);
  }
  return found;
}

function toProjection(index: GraphIndex, node: OnnxNode, cone: Cone): Projection | undefined {
  if (!isProduct(node)) return undefined;
  const [input = '', weight = ''] = node.inputs;
  if (!cone.isData(input) || !index.isConstant(weight)) return undefined;
  // The input is quantised first: the tensor before that is the site.
  const place = index.maker(input);
  const before = place === undefined ? undefined : index.nodes[place];
  const plain = before?.operation === 'DynamicQuantizeLinear' ? before.inputs[0] : undefined;
  return { node, input: plain ?? input, weight };
}
