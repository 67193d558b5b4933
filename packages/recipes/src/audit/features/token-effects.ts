import { matrix, row } from '@feedprint/core';
import type { LanguageModel, Matrix } from '@feedprint/core';
import { z } from 'zod';
import type { AuditContext } from '../context.ts';
import { saeOf } from '../dictionaries/saes.ts';
import type { TrainedSae } from '../dictionaries/saes.ts';
import { known } from '../known.ts';

const tokenEffect = z.strictObject({
  token: z.string(),
  effect: z.number().describe('Change of its log-probability, nats.'),
});

export const tokenEffectsSchema = z
  .strictObject({
    promoted: z.array(tokenEffect).describe('Most promoted first.'),
    suppressed: z.array(tokenEffect).describe('Most suppressed first.'),
  })
  .describe('What its decoder vector does to the next token by the direct path.');

export type TokenEffects = z.infer<typeof tokenEffectsSchema>;

/** A feature, and how active it is where it is most. */
interface ActiveFeature {
  readonly site: string;
  readonly feature: number;
  readonly most: number;
}

/** Tokens named of either kind. */
const NAMED = 8;
/** Texts whose mean activation the vectors are added to. */
const TEXTS = 16;

/**
 * The tokens that each feature promotes and suppresses most where it is strongest: its decoder vector times its strongest activation, added to the
 * mean of the residual stream after the last block, through the final norm and the unembedding. `null` where the sites are not as wide as
 * that stream or it is not exposed, and in audits without what measures direct effects.
 */
export async function tokenEffects(
  context: AuditContext,
  features: readonly ActiveFeature[],
  saes: readonly TrainedSae[],
): Promise<(TokenEffects | null)[]> {
  const { models, parts, rows } = context;
  const { tuned } = models;
  const changes = parts.changes;
  const end = tuned.sites.find(
    ({ site }) => site === `blocks.${tuned.info.layers - 1}.hook_resid_post`,
  );
  const fits = end && context.sites.every(({ width }) => width === end.width);
  if (!changes || !fits || features.length === 0) return features.map(() => null);
  const directions = matrix(features.length, tuned.info.width);
  for (const place of context.sites) {
    const sae = await saeOf(saes, 'tuned', 'small', place).load();
    features.forEach((one, i) => {
      if (one.site !== place.site) return;
      row(sae.weights.wDec, one.feature).forEach((value, j) => {
        directions.data[i * directions.columns + j] = one.most * value;
      });
    });
    await sae.dispose();
  }
  const origin = await meanAt(end.site, tuned, rows.slice(0, TEXTS));
  const effects = await changes.directEffects(tuned, origin, directions);
  return features.map((_, i) => namedTokens(tuned, row(effects, i)));
}

async function meanAt(
  site: string,
  model: LanguageModel,
  rows: readonly Int32Array[],
): Promise<Float64Array> {
  const { activations } = await model.run(rows, { capture: [site] });
  const values: Matrix = known(activations.get(site), site);
  const mean = new Float64Array(values.columns);
  for (let r = 0; r < values.rows; r++) {
    row(values, r).forEach((value, j) => (mean[j] = (mean[j] as number) + value / values.rows));
  }
  return mean;
}

function namedTokens({ tokenizer }: LanguageModel, effects: Float32Array): TokenEffects {
  const order = Array.from(effects, (_, token) => token)
    .filter((token) => token < tokenizer.vocabularySize && !tokenizer.specialIds.has(token))
    .sort((a, b) => (effects[b] as number) - (effects[a] as number) || a - b);
  const named = (tokens: readonly number[]) =>
    tokens.map((token) => ({
      token: tokenizer.tokenText(token),
      effect: effects[token] as number,
    }));
  return {
    promoted: named(order.slice(0, NAMED).filter((token) => (effects[token] as number) > 0)),
    suppressed: named(
      order
        .reverse()
        .slice(0, NAMED)
        .filter((token) => (effects[token] as number) < 0),
    ),
  };
}
