import { directEffects } from '@feedprint/activations';
import { FeedprintError, matrix, row } from '@feedprint/core';
import type { LanguageModel, SparseAutoencoder } from '@feedprint/core';
import { effectsOfDirections } from '../audit/features/token-effects.ts';
import type { TokenEffects } from '../audit/features/token-effects.ts';

/** How active a feature is at every token of a text. */
export interface FeatureOnText {
  readonly tokens: readonly string[];
  readonly activations: readonly number[];
}

/** Where a feature is active in a text that is given. Throws `texts-invalid` for no token. */
export async function featureOnText(
  model: LanguageModel,
  sae: SparseAutoencoder,
  { index, ids: given }: { readonly index: number; readonly ids: readonly number[] },
): Promise<FeatureOnText> {
  const ids = given.slice(0, model.info.contextLength);
  if (ids.length === 0) {
    throw new FeedprintError({
      code: 'texts-invalid',
      message: 'the text has no token',
      remedy: 'give a text that is not empty',
    });
  }
  const { activations } = await model.run([ids], { capture: [sae.site] });
  const z = await sae.encode(activations.get(sae.site) ?? matrix(0, sae.dIn));
  return {
    tokens: ids.map((id) => model.tokenizer.tokenText(id)),
    activations: ids.map((_, t) => row(z, t)[index] ?? 0),
  };
}

/**
 * What a feature does to the next token by the direct path, `most` times its decoder vector added to the mean end of the residual stream
 * over some texts; null where it does not write into that stream.
 */
export async function featureEffects(
  model: LanguageModel,
  { weights: { wDec }, site }: SparseAutoencoder,
  {
    index,
    most,
    rows,
  }: { readonly index: number; readonly most: number; readonly rows: readonly Int32Array[] },
): Promise<TokenEffects | null> {
  if (!/hook_(resid_(pre|mid|post)|mlp_out|attn_out)$/.test(site) || rows.length === 0) return null;
  const directions = matrix(
    1,
    wDec.columns,
    row(wDec, index).map((value) => most * value),
  );
  const [effects = null] = await effectsOfDirections({ model, rows, directions, directEffects });
  return effects;
}
