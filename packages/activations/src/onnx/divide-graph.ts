import { readsOf } from './graph-index.ts';
import type { GraphIndex } from './graph-index.ts';
import type { OnnxInitializer, OnnxNode } from './onnx-model.ts';

/** A part of a graph that runs at once. */
export interface Segment {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxInitializer[];
  /** Inputs of the graph, and tensors of earlier segments. */
  readonly inputs: readonly string[];
  /** Tensors that later segments or the caller need. */
  readonly outputs: readonly string[];
}

/**
 * Divides what `targets` need into segments that run one after another: segment `i` ends with tensor `splits[i]`, which
 * may be replaced before the next one runs. `splits` are in the order in which they are computed. What follows from
 * weights alone is in every segment that reads it; everything else is computed once.
 */
export function divideGraph(
  index: GraphIndex,
  splits: readonly string[],
  targets: readonly string[],
): Segment[] {
  const done = new Set<number>();
  const divided = [...splits.map((split) => [split]), targets].map((wanted) => {
    const places = placesBehind(index, wanted, done);
    const computed = places.filter((place) => !isConstantNode(index, place));
    for (const place of computed) done.add(place);
    return { places, computed };
  });

  /** Everything that each segment reads but does not make itself. */
  const reads = divided.map(({ places }) => {
    const made = new Set(places.flatMap((place) => nodeAt(index, place).outputs));
    return new Set(
      places.flatMap((place) => readsOf(nodeAt(index, place))).filter((name) => !made.has(name)),
    );
  });
  return divided.map(({ places, computed }, i) => {
    const later = new Set([...reads.slice(i + 1).flatMap((names) => [...names]), ...targets]);
    if (splits[i] !== undefined) later.add(splits[i]);
    const read = [...(reads[i] as Set<string>)];
    const { initializers } = index.graph;
    const outputs = computed
      .flatMap((place) => nodeAt(index, place).outputs)
      .filter((name) => name !== '' && later.has(name));
    return {
      nodes: places.map((place) => nodeAt(index, place)),
      initializers: read.flatMap((name) => initializers.get(name) ?? []),
      inputs: read.filter((name) => !initializers.has(name)),
      outputs,
    };
  });
}

const nodeAt = (index: GraphIndex, place: number): OnnxNode => index.nodes[place] as OnnxNode;

const isConstantNode = (index: GraphIndex, place: number): boolean =>
  nodeAt(index, place).outputs.every((name) => name === '' || index.isConstant(name));

/** Nodes that compute the tensors, in order, without those already done. */
function placesBehind(
  index: GraphIndex,
  tensors: readonly string[],
  done: ReadonlySet<number>,
): number[] {
  const places = new Set<number>();
  const open = [...tensors];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const place = index.maker(name);
    if (place === undefined || done.has(place) || places.has(place)) continue;
    places.add(place);
    open.push(...readsOf(nodeAt(index, place)));
  }
  return [...places].sort((a, b) => a - b);
}
