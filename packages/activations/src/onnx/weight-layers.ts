import type { Block } from './follow-stream.ts';
import { readsOf } from './graph-index.ts';
import type { GraphIndex } from './graph-index.ts';
import type { OnnxNode } from './onnx-model.ts';

/** Block of each weight that exactly one block uses, from 0. */
export function nameWeights(
  index: GraphIndex,
  blocks: readonly Block[],
): ReadonlyMap<string, number> {
  const layers = new Map<string, number>();
  const shared = new Set<string>();
  blocks.forEach((block, layer) => {
    const places = [block.attention, block.mlp].flatMap((branch) => branch?.cone.places ?? []);
    for (const name of weightsOf(index, places)) {
      if ((layers.get(name) ?? layer) !== layer) shared.add(name);
      layers.set(name, layer);
    }
  });
  for (const name of shared) layers.delete(name);
  return layers;
}

/** Stored weights that nodes read, directly or through what is computed from weights alone. */
function weightsOf(index: GraphIndex, places: readonly number[]): Set<string> {
  const weights = new Set<string>();
  const seen = new Set<string>();
  const open = places.flatMap((place) => readsOf(index.nodes[place] as OnnxNode));
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name) || !index.isConstant(name)) continue;
    seen.add(name);
    if (index.graph.initializers.has(name)) weights.add(name);
    const maker = index.nodes[index.maker(name) ?? -1];
    if (maker) open.push(...readsOf(maker));
  }
  return weights;
}
