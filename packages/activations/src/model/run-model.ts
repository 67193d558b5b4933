import { FeedprintError, matrix } from '@feedprint/core';
import type {
  Edit,
  Matrix,
  ModelInfo,
  RunRequest,
  RunResult,
  Site,
  SiteInfo,
} from '@feedprint/core';
import { isGraphEdit } from '@feedprint/graph';
import type { GraphEdit, Value } from '@feedprint/graph';
import { unknownSite } from './forward-graph.ts';
import type { ForwardPlan } from './forward-graph.ts';
import type { Passes } from './passes.ts';
import { batchFeeds, checkToken } from './token-batch.ts';
import type { TokenBatch } from './token-batch.ts';

type Values = Readonly<Record<string, Value>>;

/** Keys and values of earlier passes that a pass reads, and whether it gives its own. */
export interface CacheUse {
  readonly past?: Values;
  readonly writes: boolean;
}

export interface RunnerOptions {
  readonly passes: Passes;
  readonly sites: readonly SiteInfo[];
  readonly info: ModelInfo;
}

/** Runs a packed batch, edits applied; gives what `request` asks for and, with a cache, each layer's new keys and values. */
export type Runner = (
  batch: TokenBatch,
  request: RunRequest,
  cache?: CacheUse,
) => Promise<RunResult & { readonly values: Values }>;

export function createRunner({ passes, sites, info }: RunnerOptions): Runner {
  const order = sites.map(({ site }) => site);

  /** Runs callback edits in the order of the forward pass: up to the site, edit, and on from there. */
  async function applyCallbacks(
    { callbacks, spliced }: DividedEdits,
    batch: TokenBatch,
    feeds: Values,
    reads: boolean,
  ): Promise<Record<Site, Value>> {
    const overrides: Record<Site, Value> = {};
    const unknown = callbacks.find(({ site }) => !order.includes(site));
    if (unknown) throw unknownSite(unknown.site, order);
    for (const site of order.filter((s) => callbacks.some((edit) => edit.site === s))) {
      const results = await passes(
        {
          capture: [site],
          logProbsOf: false,
          edits: spliced,
          overrides: Object.keys(overrides),
          cache: { reads, writes: false },
        },
        { ...feeds, ...overrideFeeds(overrides) },
      );
      const plain = toMatrix(results[site] as Value);
      let activations = plain;
      for (const edit of callbacks.filter((e) => e.site === site)) {
        activations = await edit.apply(activations, batch.position);
      }
      overrides[site] = checked(activations, plain);
    }
    return overrides;
  }

  return async (batch, request, { past, writes } = { writes: false }) => {
    checkRequest(request, info);
    const edits = divide(request.edits ?? []);
    const reads = past !== undefined;
    const feeds = { ...batchFeeds(batch), ...past };
    const overrides = await applyCallbacks(edits, batch, feeds, reads);
    const { logProbsOf: watched } = request;
    const plan: ForwardPlan = {
      capture: [...(request.capture ?? [])],
      logits: request.logits ?? 'none',
      tokenLogProbs: request.tokenLogProbs ?? false,
      logProbsOf: watched !== undefined,
      edits: edits.spliced,
      overrides: Object.keys(overrides),
      cache: { reads, writes },
    };
    if (isIdle(plan)) return { activations: new Map(), values: {} };
    const values = await passes(plan, {
      ...feeds,
      ...overrideFeeds(overrides),
      ...(watched && { watched: { data: watched, shape: [watched.length] } }),
    });
    return { ...toResult(plan, values, batch), values };
  };
}

function checkRequest({ logProbsOf, tokenLogProbs }: RunRequest, info: ModelInfo): void {
  logProbsOf?.forEach((id) => checkToken(id, info));
  if (info.labels && (logProbsOf || tokenLogProbs)) {
    throw new FeedprintError({
      code: 'usage',
      message: 'a classifier gives scores of its labels, not probabilities of tokens',
      remedy: "ask for logits: 'last'",
    });
  }
}

interface DividedEdits {
  readonly callbacks: readonly Edit[];
  readonly spliced: readonly GraphEdit[];
}

/** On a site with both kinds of edit every edit runs as a callback, so that they act in the order given. */
function divide(all: readonly Edit[]): DividedEdits {
  const graphEdits = all.filter(isGraphEdit);
  const callbacks = all.filter((edit) => !isGraphEdit(edit));
  const mixed = graphEdits.some((edit) => callbacks.some(({ site }) => site === edit.site));
  return mixed ? { callbacks: all, spliced: [] } : { callbacks, spliced: graphEdits };
}

const isIdle = ({ capture, logits, tokenLogProbs, logProbsOf, cache }: ForwardPlan): boolean =>
  capture?.length === 0 && logits === 'none' && !tokenLogProbs && !logProbsOf && !cache?.writes;

const overrideFeeds = (overrides: Values): Record<string, Value> =>
  Object.fromEntries(Object.entries(overrides).map(([site, value]) => [`override:${site}`, value]));

function toMatrix({ data, shape }: Value): Matrix {
  return matrix(shape[0] as number, shape[1] as number, data as Float32Array);
}

function checked({ rows, columns, data }: Matrix, plain: Matrix): Value {
  if (rows === plain.rows && columns === plain.columns) return { data, shape: [rows, columns] };
  throw new FeedprintError({
    code: 'shape-mismatch',
    message: `an edit returned [${rows}, ${columns}] for [${plain.rows}, ${plain.columns}]`,
    remedy: "return one row per position, of the site's width",
  });
}

function toResult(plan: ForwardPlan, results: Values, batch: TokenBatch): RunResult {
  const { logits, tokenLogProbs, logProbsOf } = results;
  return {
    activations: new Map(
      (plan.capture ?? []).map((site) => [site, toMatrix(results[site] as Value)]),
    ),
    ...(logits && { logits: toMatrix(logits) }),
    ...(tokenLogProbs && { tokenLogProbs: shifted(tokenLogProbs.data as Float32Array, batch) }),
    ...(logProbsOf && { logProbsOf: toMatrix(logProbsOf) }),
  };
}

/** From "of the next token" to "of this token". */
function shifted(ofNext: Float32Array, batch: TokenBatch): Float32Array {
  const ofThis = new Float32Array(ofNext.length);
  for (let i = 1; i < ofNext.length; i++) {
    if ((batch.position[i] as number) > 0) ofThis[i] = ofNext[i - 1] as number;
  }
  return ofThis;
}
