import { FeedprintError } from '@feedprint/core';
import type { RunRequest, Site, SiteInfo } from '@feedprint/core';
import { Graph, gather, gatherElements, logSoftmax } from '@feedprint/graph';
import type { GraphEdit, Tensor } from '@feedprint/graph';
import { buildHidden, unembed } from '../architectures/forward.ts';
import type { Transformer } from '../architectures/forward.ts';
import type { CacheTap, Tap } from '../architectures/forward-context.ts';
import { addGradients, noteActivations } from './gradient-graph.ts';
import type { GradientPlan } from './gradient-graph.ts';

/** What a compiled forward pass computes. */
export interface ForwardPlan extends Pick<RunRequest, 'capture' | 'logits' | 'tokenLogProbs'> {
  /** `all` for the whole vocabulary in its own order, `some` for the ids of input `watched`. */
  readonly logProbsOf: 'none' | 'some' | 'all';
  /** Edits that are part of the graph. */
  readonly edits: readonly GraphEdit[];
  /** Sites whose activations are fed instead of computed, as input `override:<site>`. */
  readonly overrides: readonly Site[];
  /** Whether attention reads keys and values of earlier passes, and whether the pass returns its own. */
  readonly cache: { readonly reads: boolean; readonly writes: boolean };
  /** What is differentiated, if anything is. */
  readonly gradients?: GradientPlan;
}

export interface ForwardGraph {
  readonly graph: Graph;
  /**
   * Site names, and `logits`, `tokenLogProbs`, `logProbsOf`, `key:<layer>`, `value:<layer>`, `gradient:<site>` if
   * planned. Real positions only.
   */
  readonly outputs: Readonly<Record<string, Tensor>>;
}

/** Builds the graph for one kind of run; what its outputs do not need is never computed. */
export function buildForward(
  transformer: Transformer,
  sites: readonly SiteInfo[],
  plan: ForwardPlan,
): ForwardGraph {
  const graph = new Graph();
  const outputs: Record<string, Tensor> = {};
  const noted = new Map<Site, Tensor>();
  const tap = noteActivations(
    createTap(graph, sites, plan, outputs),
    plan.gradients?.sites ?? [],
    noted,
  );
  const rows = buildHidden(graph, transformer, tap, createCache(graph, plan, outputs));
  if (plan.logits === 'last') {
    const last = graph.input('last', 'int32', ['batch']);
    outputs.logits = unembed(transformer, gather(rows, last));
  }
  if (plan.logits === 'all' || plan.tokenLogProbs || plan.logProbsOf !== 'none' || plan.gradients) {
    const logits = unembed(transformer, rows);
    if (plan.logits === 'all') outputs.logits = logits;
    const logProbs = logSoftmax(logits);
    if (plan.tokenLogProbs) {
      const next = graph.input('next', 'int32', ['positions', 1]);
      outputs.tokenLogProbs = gatherElements(logProbs, next, -1);
    }
    if (plan.logProbsOf === 'all') outputs.logProbsOf = logProbs;
    if (plan.logProbsOf === 'some') {
      outputs.logProbsOf = gather(logProbs, graph.input('watched', 'int32', ['watched']), 1);
    }
    if (plan.gradients) Object.assign(outputs, addGradients(logits, plan.gradients, noted));
  }
  return { graph, outputs };
}

/** What a model's forward pass names and needs. */
export interface ForwardSurvey {
  /** Every site, in the order of the pass. */
  readonly sites: readonly SiteInfo[];
  /** Every weight, under its name in the checkpoint, with the shape that it must have. */
  readonly weights: readonly Tensor[];
}

/** Builds the whole pass without computing anything; `transformer` must feed its weights. */
export function surveyForward(transformer: Transformer): ForwardSurvey {
  const sites: SiteInfo[] = [];
  const record = (site: Site, activation: Tensor): Tensor => {
    const layer = /^blocks\.(\d+)\./.exec(site)?.[1];
    const width = activation.shape[1] as number;
    sites.push({ site, width, ...(layer !== undefined && { layer: Number(layer) }) });
    return activation;
  };
  const graph = new Graph();
  const tap = Object.assign(record, { wants: () => true });
  unembed(transformer, buildHidden(graph, transformer, tap));
  return { sites, weights: graph.inputs.filter(({ type }) => type === 'float32') };
}

function createTap(
  graph: Graph,
  sites: readonly SiteInfo[],
  { capture = [], edits, overrides }: ForwardPlan,
  outputs: Record<string, Tensor>,
): Tap {
  const wanted = new Set([...capture, ...edits.map(({ site }) => site), ...overrides]);
  const known = new Set(sites.map(({ site }) => site));
  const missing = [...wanted].find((site) => !known.has(site));
  if (missing !== undefined) throw unknownSite(missing, [...known]);
  const tap = (site: Site, activation: Tensor): Tensor => {
    let x = overrides.includes(site)
      ? graph.input(`override:${site}`, 'float32', activation.shape)
      : activation;
    for (const edit of edits) if (edit.site === site) x = edit.splice(x);
    if (capture.includes(site)) outputs[site] = x;
    return x;
  };
  return Object.assign(tap, { wants: (site: Site) => wanted.has(site) });
}

function createCache(
  graph: Graph,
  { cache }: ForwardPlan,
  outputs: Record<string, Tensor>,
): CacheTap | undefined {
  if (!cache.reads && !cache.writes) return undefined;
  return (layer, { key, value }, [heads, headSize]) => {
    if (cache.writes) Object.assign(outputs, { [`key:${layer}`]: key, [`value:${layer}`]: value });
    if (!cache.reads) return undefined;
    const past = (name: string): Tensor =>
      graph.input(`past-${name}:${layer}`, 'float32', ['batch', heads, 1, 'cached', headSize]);
    return { key: past('key'), value: past('value') };
  };
}

export function unknownSite(site: Site, sites: readonly Site[]): FeedprintError {
  return new FeedprintError({
    code: 'usage',
    message: `the model has no site ${site}`,
    remedy: `use one of its sites, such as ${sites.slice(0, 5).join(', ')}`,
  });
}
