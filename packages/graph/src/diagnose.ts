import type { Graph } from './graph.ts';
import { mul } from './ops/elementwise.ts';
import { reduceSum } from './ops/reduce.ts';
import { ancestors } from './serialize.ts';
import type { Tensor } from './tensor.ts';

/** A scalar per f32 tensor that a value is computed from, in the order of computation: 0, or NaN if one of its numbers is not finite. */
export interface Suspect {
  readonly tensor: Tensor;
  readonly flag: Tensor;
}

/** Adds to the graph what finds the first tensor behind `value` with a number that is not finite. */
export function suspects(graph: Graph, value: Tensor): Suspect[] {
  const { nodes, used } = ancestors(graph, [value]);
  const computed = nodes.flatMap((node) => node.inputs).concat(value);
  const order = new Map(
    nodes.flatMap(({ outputs }, i) => outputs.map((output) => [output, i] as const)),
  );
  const distinct = new Map(computed.map((tensor) => [tensor.name, tensor]));
  return [...distinct.values()]
    .filter(({ name, type }) => used.has(name) && type === 'float32')
    .sort((a, b) => (order.get(a.name) ?? -1) - (order.get(b.name) ?? -1))
    .map((tensor) => ({
      tensor,
      // 0 times anything finite is 0; times infinity or NaN it is NaN.
      flag: reduceSum(
        mul(tensor, 0),
        tensor.shape.map((_, axis) => axis),
      ),
    }));
}
