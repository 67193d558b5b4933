import type { Graph, GraphNode } from './graph.ts';
import { ancestors } from './serialize.ts';
import type { Tensor } from './tensor.ts';

/** A piece of a graph that one session runs. */
export interface Part {
  readonly outputs: readonly Tensor[];
  /** What the first part computes for this one. */
  readonly fed: readonly Tensor[];
  /** Whether it must run on one thread. */
  readonly serial: boolean;
}

/** Operators that are cheaper to run where their result is used than to pass the result on. */
const movable = new Set(['Mul', 'Add', 'Sub', 'Div', 'Neg', 'Cast', 'Reshape', 'Expand', 'Shape']);

const MAIN = -1;

/**
 * Splits what the outputs need so that `serial` nodes run on one thread each and everything before them on all threads:
 * the first part depends on no serial node, the others are independent of each other.
 */
export function partition(graph: Graph, outputs: readonly Tensor[]): Part[] {
  const { nodes } = ancestors(graph, outputs);
  const groups = serialGroups(nodes);
  if (groups.size === 0) return [{ outputs, fed: [], serial: false }];
  const groupOf = (name: string): number => groups.get(name) ?? MAIN;
  moveToConsumers(nodes, groups, new Set(outputs.map(({ name }) => name)));

  const parts = [...new Set(groups.values())].map((group) => {
    const inside = nodes.filter((node) => groupOf(node.outputs[0] as string) === group);
    const crossing = inside
      .flatMap(({ inputs }) => inputs)
      .filter(({ name, node }) => node !== undefined && groupOf(name) !== group);
    return {
      outputs: outputs.filter(({ name }) => groupOf(name) === group),
      fed: distinct(crossing),
      serial: true,
    };
  });
  const main = outputs.filter(({ name }) => groupOf(name) === MAIN);
  const first = {
    outputs: distinct([...main, ...parts.flatMap(({ fed }) => fed)]),
    fed: [],
    serial: false,
  };
  return [first, ...parts];
}

/** Output name -> group, for nodes that are serial or depend on one that is. Those with a serial node in common share a group. */
function serialGroups(nodes: readonly GraphNode[]): Map<string, number> {
  const parents: number[] = [];
  const find = (group: number): number =>
    parents[group] === group ? group : find(parents[group] as number);
  const groups = new Map<string, number>();
  for (const node of nodes) {
    const reached = node.inputs.flatMap(({ name }) => groups.get(name) ?? []).map(find);
    if (node.serial) reached.push(parents.push(parents.length) - 1);
    const [group, ...others] = reached;
    if (group === undefined) continue;
    for (const other of others) parents[find(other)] = find(group);
    for (const output of node.outputs) groups.set(output, group);
  }
  return new Map([...groups].map(([name, group]) => [name, find(group)]));
}

/** Gives cheap nodes that only one group reads to that group: a product of two small tensors may be large. */
function moveToConsumers(
  nodes: readonly GraphNode[],
  groups: Map<string, number>,
  outputs: ReadonlySet<string>,
): void {
  const readers = new Map<string, Set<number>>();
  for (const node of [...nodes].reverse()) {
    const [name] = node.outputs as [string];
    const reading = [...(readers.get(name) ?? [])];
    const [only] = reading;
    const moves =
      !groups.has(name) &&
      movable.has(node.operation) &&
      !outputs.has(name) &&
      reading.length === 1;
    if (moves && only !== undefined && only !== MAIN) groups.set(name, only);
    const group = groups.get(name) ?? MAIN;
    for (const input of node.inputs) {
      readers.set(input.name, (readers.get(input.name) ?? new Set()).add(group));
    }
  }
}

const distinct = (tensors: readonly Tensor[]): Tensor[] => [
  ...new Map(tensors.map((tensor) => [tensor.name, tensor])).values(),
];
