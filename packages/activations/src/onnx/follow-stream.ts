import { coneOf, hasAttention } from './cone.ts';
import type { Cone } from './cone.ts';
import { changesNothing, givesSizes, readsOf } from './graph-index.ts';
import type { GraphIndex } from './graph-index.ts';
import type { OnnxNode } from './onnx-model.ts';

/** What is added to the residual stream, and how it is computed from it. */
export interface Branch {
  readonly tensor: string;
  readonly cone: Cone;
}

/** One block of the network, by its tensors. */
export interface Block {
  /** The stream before it. */
  readonly pre: string;
  readonly attention?: Branch;
  /** The stream between attention and MLP; absent where both read the same. */
  readonly mid?: string;
  readonly mlp?: Branch;
  /** The stream after it. */
  readonly post: string;
}

/** One addition to the stream. */
interface Step {
  readonly pre: string;
  /** `pre`, also under its other names. */
  readonly names: readonly string[];
  readonly post: string;
  readonly attention?: Branch;
  readonly mlp?: Branch;
}

/**
 * Follows the residual stream from the token embeddings to its end: what is computed from it and added back to it,
 * block by block.
 */
export function followStream(index: GraphIndex, embeddings: string): Block[] {
  const steps: Step[] = [];
  const stream = new Set<string>();
  let at: string | undefined = embeddings;
  while (at !== undefined) {
    const names = aliases(index, at);
    for (const name of names) stream.add(name);
    const step = nextStep(index, at, names, stream);
    if (step) steps.push(step);
    // Before the first block: scaling, positions, a norm. After an addition: a norm that the stream itself passes
    // through.
    at = step?.post ?? meetingPoint(index, at);
  }
  return toBlocks(steps);
}

/** The tensor under its other names and types. */
function aliases(index: GraphIndex, tensor: string): string[] {
  const names = [tensor];
  for (const name of names) {
    for (const place of index.readers(name)) {
      const node = index.nodes[place] as OnnxNode;
      if (changesNothing(node) && node.inputs[0] === name) names.push(node.outputs[0] as string);
    }
  }
  return names;
}

function nextStep(
  index: GraphIndex,
  pre: string,
  names: readonly string[],
  stream: ReadonlySet<string>,
): Step | undefined {
  const places = names.flatMap((name) => index.readers(name)).sort((a, b) => a - b);
  for (const place of places) {
    const node = index.nodes[place] as OnnxNode;
    if (node.operation !== 'Add') continue;
    const branch = node.inputs.find((input) => !names.includes(input));
    if (branch === undefined || index.isConstant(branch)) continue;
    const cone = coneOf(index, branch, stream);
    if (cone.from.size === 0) continue;
    return { pre, names, post: node.outputs[0] as string, ...partsOf(index, branch, cone, stream) };
  }
  return undefined;
}

/** Attention and MLP of a branch: one of them, or the sum of both. */
function partsOf(
  index: GraphIndex,
  tensor: string,
  cone: Cone,
  stream: ReadonlySet<string>,
): Pick<Step, 'attention' | 'mlp'> {
  if (!hasAttention(index, cone)) return { mlp: { tensor, cone } };
  let sum = index.nodes[index.maker(tensor) ?? -1];
  while (sum && changesNothing(sum)) sum = index.nodes[index.maker(sum.inputs[0] as string) ?? -1];
  if (sum?.operation === 'Add') {
    const parts = sum.inputs.map((input) => ({
      tensor: input,
      cone: coneOf(index, input, stream),
    }));
    const attention = parts.find((part) => hasAttention(index, part.cone));
    const mlp = parts.find((part) => part !== attention && part.cone.places.length > 0);
    if (attention && mlp && !hasAttention(index, mlp.cone)) return { attention, mlp };
  }
  return { attention: { tensor, cone } };
}

/** Where everything computed from a tensor comes together again: the result of the first node on every path. */
function meetingPoint(index: GraphIndex, tensor: string): string | undefined {
  const open = new Set(index.readers(tensor).filter((p) => !isSize(index, p)));
  // Readers come after what they read, so a single forward walk meets them all.
  for (let place = index.maker(tensor) ?? 0; open.size > 0; place++) {
    if (!open.has(place)) continue;
    const { outputs } = index.nodes[place] as OnnxNode;
    if (open.size === 1) return outputs[0];
    open.delete(place);
    for (const output of outputs) {
      for (const reader of index.readers(output)) if (!isSize(index, reader)) open.add(reader);
    }
  }
  return undefined;
}

const isSize = (index: GraphIndex, place: number): boolean =>
  givesSizes(index.nodes[place] as OnnxNode);

/** Attention and the MLP after it are one block; so is an addition of both at once. */
function toBlocks(steps: readonly Step[]): Block[] {
  const blocks: Block[] = [];
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i] as Step;
    const next = steps[i + 1];
    if (step.attention && !step.mlp && next?.mlp && !next.attention) {
      const { pre: mid, names, mlp, post } = next;
      const sequential = names.some((name) => mlp.cone.from.has(name));
      const { pre, attention } = step;
      blocks.push({ pre, attention, mlp, post, ...(sequential && { mid }) });
      i++;
    } else {
      blocks.push(step);
    }
  }
  return blocks;
}

/** The embeddings of the tokens: the result of the first lookup by `ids` in a table of floats. */
export function findEmbeddings(index: GraphIndex, ids: string): string | undefined {
  const derived = new Set([ids]);
  for (const node of index.nodes) {
    const [table = '', indices = ''] = node.inputs;
    if (node.operation.startsWith('Gather') && derived.has(indices) && index.isConstant(table)) {
      return node.outputs[0];
    }
    const passes = changesNothing(node) || node.operation === 'Reshape';
    if (passes && readsOf(node).some((name) => derived.has(name))) {
      for (const output of node.outputs) derived.add(output);
    }
  }
  return undefined;
}
