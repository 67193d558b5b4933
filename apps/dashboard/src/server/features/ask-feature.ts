import type { FeatureAnswer } from '../../api/features.ts';
import type { PlaygroundPrompt } from '../../api/playground.ts';
import { notFound } from '../http/respond.ts';
import { encodePrompt } from '../models/encode-prompt.ts';
import type { ModelDesk } from '../models/model-desk.ts';
import type { RunFolder } from '../runs/run-folders.ts';
import { tokensOf } from './examples-of.ts';
import type { FeaturePlace } from './read-feature.ts';

/** Texts by which the mean end of the residual stream is taken. */
const TEXTS = Array.from({ length: 16 }, (_, text) => text);

/** Where a feature is active in a text that a person gives, and what it does to the next token where it is strongest. */
export async function askFeature(
  models: ModelDesk,
  run: RunFolder,
  { site, index, prompt }: FeaturePlace & { readonly prompt: PlaygroundPrompt },
): Promise<FeatureAnswer> {
  const sae = (await models.saes(run)).get(site);
  if (!sae || index >= sae.dSae) throw notFound('This run has no such feature.');
  const { featureEffects, featureOnText } = await import('@feedprint/recipes');
  const { tuned } = await models.models(run);
  const ids = encodePrompt(tuned.tokenizer, prompt);
  const { tokens, activations } = await featureOnText(tuned, sae, { index, ids });
  const activity = await models.activity(run, site);
  const most = activity?.histogram(index).most ?? 0;
  const rows = [...(await tokensOf(run, TEXTS)).values()].map((row) => Int32Array.from(row));
  const effects = most > 0 ? await featureEffects(tuned, sae, { index, most, rows }) : null;
  return {
    tokens: [...tokens],
    activations: [...activations],
    effects: effects && { promoted: [...effects.promoted], suppressed: [...effects.suppressed] },
  };
}
