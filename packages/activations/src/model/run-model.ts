import { FeedprintError } from '@feedprint/core';
import type { ModelInfo, RunRequest, RunResult } from '@feedprint/core';
import type { Value } from '@feedprint/graph';
import { toMatrix } from './edited-passes.ts';
import type { EditedPasses, PlanWithoutEdits, Values } from './edited-passes.ts';
import { batchFeeds, checkToken } from './token-batch.ts';
import type { TokenBatch } from './token-batch.ts';

/** Keys and values of earlier passes that a pass reads, and whether it returns its own. */
export interface CacheUse {
  readonly past?: Values;
  readonly writes: boolean;
}

export interface RunnerOptions {
  readonly passes: EditedPasses;
  readonly info: ModelInfo;
}

/**
 * Runs a packed batch with edits applied; returns what `request` asks for and, with a cache, each layer's new keys and
 * values.
 */
export type Runner = (
  batch: TokenBatch,
  request: RunRequest,
  cache?: CacheUse,
) => Promise<RunResult & { readonly values: Values }>;

export function createRunner({ passes, info }: RunnerOptions): Runner {
  return async (batch, request, { past, writes } = { writes: false }) => {
    checkRequest(request, info);
    const { logProbsOf: watched } = request;
    const plan: PlanWithoutEdits = {
      capture: [...(request.capture ?? [])],
      logits: request.logits ?? 'none',
      tokenLogProbs: request.tokenLogProbs ?? false,
      logProbsOf: howMany(watched, info),
      cache: { reads: past !== undefined, writes },
    };
    const values = await passes(batch, request.edits ?? [], plan, {
      ...batchFeeds(batch),
      ...past,
      ...(watched && { watched: { data: watched, shape: [watched.length] } }),
    });
    return { ...toResult(plan, values, batch), values };
  };
}

/** The whole vocabulary needs no selection, which would copy every number. */
function howMany(
  watched: Int32Array | undefined,
  { vocabularySize }: ModelInfo,
): PlanWithoutEdits['logProbsOf'] {
  if (!watched) return 'none';
  const isWhole = watched.length === vocabularySize && watched.every((id, i) => id === i);
  return isWhole ? 'all' : 'some';
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

function toResult(plan: PlanWithoutEdits, results: Values, batch: TokenBatch): RunResult {
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
