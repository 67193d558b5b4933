import { FeedprintError, matrix } from '@feedprint/core';
import type {
  GradientRequest,
  LanguageModel,
  ModelInfo,
  Site,
  SiteInfo,
  TokenRows,
} from '@feedprint/core';
import {
  Graph,
  customGradient,
  gatherElements,
  gradients,
  greaterOrEqual,
  logSoftmax,
  maximum,
  reduceSum,
  where,
} from '@feedprint/graph';
import type { Tensor, Value } from '@feedprint/graph';
import { buildHidden, unembed } from '../architectures/forward.ts';
import type { Transformer } from '../architectures/forward.ts';
import type { Tap } from '../architectures/forward-context.ts';
import type { CompiledGraphs } from './compiled-graphs.ts';
import { unknownSite } from './forward-graph.ts';
import type { ForwardGraph } from './forward-graph.ts';
import { batchFeeds, checkToken, packRows } from './token-batch.ts';

export interface DifferentiatorOptions {
  readonly transformer: Transformer;
  readonly sites: readonly SiteInfo[];
  readonly info: ModelInfo;
  readonly graphs: CompiledGraphs;
}

/** Gradients of log-probabilities with respect to activations, as `LanguageModel.gradients` gives them. */
export function createDifferentiator({
  transformer,
  sites: known,
  info,
  graphs,
}: DifferentiatorOptions): NonNullable<LanguageModel['gradients']> {
  const order = known.map(({ site }) => site);
  return async (rows, { sites: wanted, targets }) => {
    const unknown = wanted.find((site) => !order.includes(site));
    if (unknown !== undefined) throw unknownSite(unknown, order);
    const batch = packRows(rows, info);
    const feeds = { ...batchFeeds(batch), targets: packTargets(rows, targets, info) };
    const sites = order.filter((site) => wanted.includes(site));
    if (sites.length === 0) return new Map();
    const build = (): ForwardGraph => buildGradients(transformer, sites);
    const results = await graphs.run(`gradients ${sites.join()}`, build, feeds);
    return new Map(
      wanted.map((site) => {
        const { data, shape } = results[site] as Value;
        return [site, matrix(shape[0] as number, shape[1] as number, data as Float32Array)];
      }),
    );
  };
}

/** Builds the graph; its outputs are the sites'. Fed like a forward pass, and `targets` `[positions, 1]`, -1 where nothing counts. */
export function buildGradients(transformer: Transformer, sites: readonly Site[]): ForwardGraph {
  const graph = new Graph();
  const tapped = new Map<Site, Tensor>();
  const tap: Tap = Object.assign(
    (site: Site, activation: Tensor): Tensor => {
      if (!sites.includes(site)) return activation;
      // A tensor of its own: what else is made from the activation does not come through the site.
      const own = customGradient(activation, [activation], (g) => [g]);
      tapped.set(site, own);
      return own;
    },
    { wants: (site: Site) => sites.includes(site) },
  );
  const logProbs = logSoftmax(unembed(transformer, buildHidden(graph, transformer, tap)));
  const targets = graph.input('targets', 'int32', ['positions', 1]);
  const chosen = gatherElements(logProbs, maximum(targets, 0), -1);
  const loss = reduceSum(where(greaterOrEqual(targets, 0), chosen, 0), [0, 1]);
  const slopes = gradients(
    loss,
    sites.map((site) => tapped.get(site) as Tensor),
  );
  return {
    graph,
    outputs: Object.fromEntries(sites.map((site, i) => [site, slopes[i] as Tensor])),
  };
}

function packTargets(rows: TokenRows, targets: GradientRequest['targets'], info: ModelInfo): Value {
  const fits =
    targets.length === rows.length && rows.every((r, i) => r.length === targets[i]?.length);
  if (!fits) {
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `rows of ${lengths(rows)} tokens were given targets of ${lengths(targets)}`,
      remedy: 'give each position one target, -1 for none',
    });
  }
  const data = Int32Array.from(targets.flatMap((row) => Array.from(row)));
  for (const id of data) if (id !== -1) checkToken(id, info);
  return { data, shape: [data.length, 1] };
}

const lengths = (rows: TokenRows): string => {
  const shown = rows.slice(0, 5).map(({ length }) => length);
  return `${shown.join(', ')}${rows.length > shown.length ? ', ...' : ''}`;
};
