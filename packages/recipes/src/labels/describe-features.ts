import { directEffects } from '@feedprint/activations';
import { matrix, row } from '@feedprint/core';
import type { Labeler, LanguageModel, SparseAutoencoder } from '@feedprint/core';
import type { ShownFeature } from '@feedprint/report';
import { histogramsOf } from '../audit/features/histogram.ts';
import { effectsOfDirections } from '../audit/features/token-effects.ts';
import type { TokenEffects } from '../audit/features/token-effects.ts';
import { labelFeatures } from './label-features.ts';
import { checkFeatures, drawFeatures, evidenceOfSae } from './sae-source.ts';
import type { SaeSourceOptions } from './sae-source.ts';

export interface DescribeFeaturesOptions extends SaeSourceOptions {
  /** What explains them. */
  readonly labeler: Labeler;
  readonly question: string;
}

/** Strongest windows that are shown of a feature. */
const SHOWN = 8;

/**
 * What a person wants to see of features of an SAE: where they fire, how strongly, what they promote, what they may mean.
 * Throws `usage` for features that there are not.
 */
export async function describeFeatures(options: DescribeFeaturesOptions): Promise<ShownFeature[]> {
  const { model, sae, rows, labeler, question } = options;
  checkFeatures(options);
  const features = options.features ?? (await drawFeatures(options));
  const { evidence, columns } = await evidenceOfSae(options, features);
  const values = features.map((feature) =>
    (columns.get(feature) ?? []).flatMap((text) => [...text]),
  );
  const tokens = values[0]?.length ?? 0;
  const activations = matrix(tokens, features.length);
  values.forEach((column, f) =>
    column.forEach((value, t) => (activations.data[t * features.length + f] = value)),
  );
  const histograms = histogramsOf(activations);
  const effects = await effectsOf(
    model,
    sae,
    rows,
    features.map((feature, f) => ({ feature, most: histograms[f]?.most ?? 0 })),
  );
  const labels = await labelFeatures(evidence, { labeler, question });
  return evidence.map((seen, f): ShownFeature => {
    const strongest = [...seen.top, ...seen.heldOutActive, ...(seen.selection?.active ?? [])]
      .map((example) => ({ example, peak: Math.max(...example.activations) }))
      .sort((a, b) => b.peak - a.peak);
    return {
      id: seen.id,
      label: labels[f]?.label ?? null,
      labelScore: labels[f]?.detection?.balancedAccuracy ?? null,
      density: (values[f] ?? []).filter((value) => value > 0).length / Math.max(1, tokens),
      histogram: histograms[f] ?? { most: 0, counts: [] },
      tokens: effects[f] ?? null,
      examples: strongest.slice(0, SHOWN).map(({ example }) => example),
    };
  });
}

async function effectsOf(
  model: LanguageModel,
  { site, weights }: SparseAutoencoder,
  rows: readonly Int32Array[],
  features: readonly { readonly feature: number; readonly most: number }[],
): Promise<(TokenEffects | null)[]> {
  // Only what writes into the residual stream has a direct path to the next token.
  const writes = /hook_(resid_(pre|mid|post)|mlp_out|attn_out)$/.test(site);
  if (!writes) return features.map(() => null);
  const directions = matrix(features.length, weights.wDec.columns);
  features.forEach(({ feature, most }, i) =>
    row(weights.wDec, feature).forEach((value, j) => {
      directions.data[i * directions.columns + j] = most * value;
    }),
  );
  return effectsOfDirections({ model, rows, directions, directEffects });
}
