import { matrix, row } from '@feedprint/core';
import type { LanguageModel, Matrix, SiteInfo } from '@feedprint/core';
import { z } from 'zod';
import type { ChangeParts } from '../changes/change-parts.ts';
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
  const { models, parts, rows, sites } = context;
  const { tuned } = models;
  const { changes } = parts;
  const fits = sites.every(({ width }) => width === endOf(tuned)?.width);
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
  const { directEffects } = changes;
  return effectsOfDirections({ model: tuned, rows, directions, directEffects });
}

export interface DirectionEffects {
  readonly model: LanguageModel;
  readonly rows: readonly Int32Array[];
  /** `[directions, width]`, as strong as they get. */
  readonly directions: Matrix;
  readonly directEffects: ChangeParts['directEffects'];
}

/** The same for any directions; `null` where the model does not expose the end of its residual stream, or they are of another width. */
export async function effectsOfDirections({
  model,
  rows,
  directions,
  directEffects,
}: DirectionEffects): Promise<(TokenEffects | null)[]> {
  const end = endOf(model);
  if (end?.width !== directions.columns) {
    return Array.from({ length: directions.rows }, () => null);
  }
  const origin = await meanAt(end.site, model, rows.slice(0, TEXTS));
  const effects = await directEffects(model, origin, directions);
  return Array.from({ length: directions.rows }, (_, i) => namedTokens(model, row(effects, i)));
}

/** The residual stream after the last block. */
const endOf = ({ sites, info }: LanguageModel): SiteInfo | undefined =>
  sites.find(({ site }) => site === `blocks.${info.layers - 1}.hook_resid_post`);

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
