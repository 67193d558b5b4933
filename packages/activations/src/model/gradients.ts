import { FeedprintError, matrix } from '@feedprint/core';
import type {
  GradientRequest,
  Matrix,
  ModelInfo,
  Site,
  SiteInfo,
  TokenRows,
} from '@feedprint/core';
import {
  Graph,
  createSession,
  customGradient,
  gatherElements,
  gradients,
  greaterOrEqual,
  logSoftmax,
  maximum,
  reduceSum,
  where,
} from '@feedprint/graph';
import type { RuntimeOptions, Session, Tensor, Value } from '@feedprint/graph';
import { buildHidden, unembed } from '../architectures/forward.ts';
import type { Transformer } from '../architectures/forward.ts';
import type { Tap } from '../architectures/forward-context.ts';
import { unknownSite } from './forward-graph.ts';
import { batchFeeds, checkToken, packRows } from './token-batch.ts';

/** Gradients of log-probabilities with respect to activations, as `LanguageModel.gradients` gives them. */
export interface Differentiator {
  gradients(rows: TokenRows, request: GradientRequest): Promise<ReadonlyMap<Site, Matrix>>;
  dispose(): Promise<void>;
}

export interface DifferentiatorOptions {
  readonly transformer: Transformer;
  readonly sites: readonly SiteInfo[];
  readonly info: ModelInfo;
  readonly runtime: RuntimeOptions;
}

/** Differentiates a model's forward pass: compiled once per set of sites, with the weights that the other passes read. */
export function createDifferentiator(options: DifferentiatorOptions): Differentiator {
  const { transformer, info, runtime } = options;
  const order = options.sites.map(({ site }) => site);
  const compiled = new Map<string, Promise<Session>>();

  async function compile(sites: readonly Site[]): Promise<Session> {
    const { graph, outputs } = buildGradients(transformer, sites);
    return createSession(graph, { ...runtime, outputs });
  }

  return {
    async gradients(rows, { sites: wanted, targets }) {
      const unknown = wanted.find((site) => !order.includes(site));
      if (unknown !== undefined) throw unknownSite(unknown, order);
      const batch = packRows(rows, info);
      const feeds = { ...batchFeeds(batch), targets: packTargets(rows, targets, info) };
      const sites = order.filter((site) => wanted.includes(site));
      if (sites.length === 0) return new Map();
      const key = sites.join();
      const session = compiled.get(key) ?? compile(sites);
      compiled.set(key, session);
      const { inputs, run } = await session.catch((error: unknown) => {
        compiled.delete(key);
        throw error;
      });
      const results = await run({ ...transformer.weights.values(inputs), ...feeds });
      return new Map(
        wanted.map((site) => {
          const { data, shape } = results[site] as Value;
          return [site, matrix(shape[0] as number, shape[1] as number, data as Float32Array)];
        }),
      );
    },
    async dispose() {
      const open = [...compiled.values()];
      compiled.clear();
      for (const session of open) await (await session).dispose();
    },
  };
}

/** Builds the graph; its outputs are the sites'. Fed like a forward pass, and `targets` `[positions, 1]`, -1 where nothing counts. */
export function buildGradients(
  transformer: Transformer,
  sites: readonly Site[],
): { graph: Graph; outputs: Record<Site, Tensor> } {
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
