import { matrix, row } from '@feedprint/core';
import type { LanguageModel, Matrix } from '@feedprint/core';
import { unembedRows } from './unembed-rows.ts';

/**
 * How far each direction, added to the residual stream after the last block, moves the next token's log-probabilities,
 * in nats: `[directions, vocabulary]`, log p(origin + direction) - log p(origin), through the model's final norm and
 * unembedding.
 *
 * The logit lens on the mean difference of activations (Minder et al. 2025, arXiv 2510.13900), taken around the mean
 * activation `origin` `[width]` of the last site, because the final norm is not linear. A direction from an earlier
 * site is added at the last one unchanged: its direct path, without what later blocks make of it. A direction of zeros
 * has an effect of exactly 0. With `from`, another model whose final norm and unembedding read the origin itself, the
 * effect is log p(origin + direction) - log p_from(origin): which includes what tuning did to those two. Throws what
 * `unembedRows` throws.
 */
export async function directEffects(
  model: LanguageModel,
  origin: ArrayLike<number>,
  directions: Matrix,
  { from = model }: { readonly from?: LanguageModel } = {},
): Promise<Matrix> {
  const points = matrix(directions.rows + 1, directions.columns);
  for (let r = 0; r <= directions.rows; r++) {
    const point = row(points, r);
    point.set(origin);
    if (r === 0) continue;
    row(directions, r - 1).forEach((v, i) => (point[i] = (point[i] as number) + v));
  }
  const logits = await unembedRows(model, points);
  const start = matrix(1, directions.columns, points.data.slice(0, directions.columns));
  const before = from === model ? row(logits, 0) : (await unembedRows(from, start)).data;
  const total = logSumExp(before);
  const effects = matrix(directions.rows, logits.columns);
  for (let r = 0; r < directions.rows; r++) {
    const after = row(logits, r + 1);
    const shift = logSumExp(after) - total;
    const effect = row(effects, r);
    for (let v = 0; v < effect.length; v++) {
      effect[v] = (after[v] as number) - (before[v] as number) - shift;
    }
  }
  return effects;
}

function logSumExp(logits: Float32Array): number {
  let top = -Infinity;
  for (const logit of logits) if (logit > top) top = logit;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - top);
  return top + Math.log(sum);
}
