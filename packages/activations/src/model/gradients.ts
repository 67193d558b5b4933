import { FeedprintError } from '@feedprint/core';
import type { LanguageModel, Matrix, ModelInfo, SiteInfo, TokenRows } from '@feedprint/core';
import type { Value } from '@feedprint/graph';
import { toMatrix } from './edited-passes.ts';
import type { EditedPasses } from './edited-passes.ts';
import { unknownSite } from './forward-graph.ts';
import { gradientOf } from './gradient-graph.ts';
import { batchFeeds, checkToken, packRows } from './token-batch.ts';

export interface DifferentiatorOptions {
  readonly passes: EditedPasses;
  readonly sites: readonly SiteInfo[];
  readonly info: ModelInfo;
}

/** Gradients with respect to activations, as `LanguageModel.gradients` gives them. */
export function createDifferentiator({
  passes,
  sites: known,
  info,
}: DifferentiatorOptions): NonNullable<LanguageModel['gradients']> {
  const order = known.map(({ site }) => site);
  return async (rows, request) => {
    const { sites: wanted, edits = [] } = request;
    const unknown = wanted.find((site) => !order.includes(site));
    if (unknown !== undefined) throw unknownSite(unknown, order);
    const batch = packRows(rows, info);
    const of = 'targets' in request ? 'targets' : 'cotangents';
    const sites = order.filter((site) => wanted.includes(site));
    const plan = {
      logProbsOf: 'none',
      cache: { reads: false, writes: false },
      gradients: { sites, of },
    } as const;
    const seeds =
      'targets' in request
        ? packTargets(rows, request.targets, info)
        : packCotangents(batch.ids.length, request.cotangents, info);
    const results = await passes(batch, edits, plan, { ...batchFeeds(batch), [of]: seeds });
    return new Map(wanted.map((site) => [site, toMatrix(results[gradientOf(site)] as Value)]));
  };
}

function packTargets(
  rows: TokenRows,
  targets: readonly ArrayLike<number>[],
  info: ModelInfo,
): Value {
  const fits =
    targets.length === rows.length && rows.every((r, i) => r.length === targets[i]?.length);
  if (!fits) {
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `rows of ${lengths(rows)} tokens were given ${lengths(targets)} targets`,
      remedy: 'pass one target per position, -1 for none',
    });
  }
  const data = Int32Array.from(targets.flatMap((row) => Array.from(row)));
  for (const id of data) if (id !== -1) checkToken(id, info);
  return { data, shape: [data.length, 1] };
}

function packCotangents(
  positions: number,
  { rows, columns, data }: Matrix,
  { vocabularySize }: ModelInfo,
): Value {
  if (rows === positions && columns === vocabularySize) return { data, shape: [rows, columns] };
  throw new FeedprintError({
    code: 'shape-mismatch',
    message: `logits of [${positions}, ${vocabularySize}] were given cotangents of [${rows}, ${columns}]`,
    remedy: 'pass one number per logit of each position',
  });
}

const lengths = (rows: TokenRows): string => {
  const shown = rows.slice(0, 5).map(({ length }) => length);
  return `${shown.join(', ')}${rows.length > shown.length ? ', ...' : ''}`;
};
