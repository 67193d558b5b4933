import type { Edit, SiteInfo } from '@feedprint/core';
import type { Value } from '@feedprint/graph';
import type { Transformer } from '../architectures/forward.ts';
import type { CompiledGraphs } from './compiled-graphs.ts';
import { buildForward } from './forward-graph.ts';
import type { ForwardPlan } from './forward-graph.ts';

/** Runs one kind of forward pass. */
export type Passes = (
  plan: ForwardPlan,
  feeds: Readonly<Record<string, Value>>,
) => Promise<Readonly<Record<string, Value>>>;

/** Numbers of edits, by which graphs that contain them are found; models that share graphs count together. */
const editIds = new WeakMap<Edit, number>();
let nextEditId = 0;

function idOf(edit: Edit): number {
  const id = editIds.get(edit) ?? nextEditId++;
  editIds.set(edit, id);
  return id;
}

/** Forward passes of one model, with one graph per kind of plan. */
export function createPasses(
  transformer: Transformer,
  sites: readonly SiteInfo[],
  graphs: CompiledGraphs,
): Passes {
  return (plan, feeds) => {
    const key = JSON.stringify({ ...plan, edits: plan.edits.map(idOf) });
    return graphs.run(
      key,
      () => buildForward(transformer, sites, plan),
      (inputs) => ({ ...transformer.weights.values(inputs), ...feeds }),
    );
  };
}
