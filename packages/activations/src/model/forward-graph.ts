import { FeedprintError } from '@feedprint/core';
import type { RunRequest, Site } from '@feedprint/core';
import { Graph, gather, gatherElements, logSoftmax, reshape } from '@feedprint/graph';
import type { GraphEdit, Tensor } from '@feedprint/graph';
import type { Architecture } from '../architectures/architecture.ts';

/** What a compiled forward pass computes. */
export interface ForwardPlan extends Pick<RunRequest, 'capture' | 'logits' | 'tokenLogProbs'> {
  readonly logProbsOf: boolean;
  /** Edits that are part of the graph. */
  readonly edits: readonly GraphEdit[];
  /** Sites whose activations are fed instead of computed, as input `override:<site>`. */
  readonly overrides: readonly Site[];
}

export interface ForwardGraph {
  readonly graph: Graph;
  /** Site names, and `logits`, `tokenLogProbs`, `logProbsOf` where planned. Real positions only. */
  readonly outputs: Readonly<Record<string, Tensor>>;
}

/** Builds the graph of one kind of run; what its outputs do not need is never computed. */
export function buildForward(architecture: Architecture, plan: ForwardPlan): ForwardGraph {
  const graph = new Graph();
  const ids = graph.input('ids', 'int32', ['batch', 'length']);
  const positions = graph.input('positions', 'int32', ['length']);
  const kept = graph.input('kept', 'int32', ['kept']);
  const outputs: Record<string, Tensor> = {};
  const known = new Map(architecture.sites.map((info) => [info.site, info.width]));
  for (const site of [
    ...(plan.capture ?? []),
    ...plan.edits.map((edit) => edit.site),
    ...plan.overrides,
  ]) {
    if (!known.has(site)) throw unknownSite(site, [...known.keys()]);
  }
  const realRows = (x: Tensor, width: number): Tensor =>
    gather(reshape(x, ['positions', width]), kept);

  const final = architecture.forward(graph, { ids, positions }, (site, activation) => {
    const width = known.get(site) as number;
    let x = plan.overrides.includes(site)
      ? graph.input(`override:${site}`, 'float32', ['batch', 'length', width])
      : activation;
    for (const edit of plan.edits) if (edit.site === site) x = edit.splice(x);
    if (plan.capture?.includes(site)) outputs[site] = realRows(x, width);
    return x;
  });

  const rows = realRows(final, architecture.width);
  if (plan.logits === 'last') {
    const last = graph.input('last', 'int32', ['batch']);
    outputs.logits = architecture.unembed(graph, gather(rows, last));
  }
  if (plan.logits === 'all' || plan.tokenLogProbs || plan.logProbsOf) {
    const logits = architecture.unembed(graph, rows);
    if (plan.logits === 'all') outputs.logits = logits;
    const logProbs = logSoftmax(logits);
    if (plan.tokenLogProbs) {
      const next = graph.input('next', 'int32', ['kept', 1]);
      outputs.tokenLogProbs = gatherElements(logProbs, next, -1);
    }
    if (plan.logProbsOf) {
      outputs.logProbsOf = gather(logProbs, graph.input('watched', 'int32', ['watched']), 1);
    }
  }
  return { graph, outputs };
}

export function unknownSite(site: Site, sites: readonly Site[]): FeedprintError {
  return new FeedprintError({
    code: 'usage',
    message: `the model has no site ${site}`,
    remedy: `use one of its sites, such as ${sites.slice(0, 5).join(', ')}`,
  });
}
