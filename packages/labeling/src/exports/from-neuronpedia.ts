import { z } from 'zod';
import type { GivenLabel } from './given-label.ts';

const index = z.coerce.number().int().nonnegative();
const words = z
  .object({ description: z.string().optional(), text: z.string().optional() })
  .transform(({ description, text }) => (description ?? text ?? '').trim());

/** A line of a bulk export, or one explanation. */
const explanationSchema = z.object({ layer: z.string(), index, description: z.string() });
/** What `feature/{model}/{source}/{index}` answers. */
const featureSchema = z.object({ layer: z.string(), index, explanations: z.array(words) });
/** A body of `feature/upload-batch`. */
const batchSchema = z.object({
  source: z.string(),
  features: z.array(z.object({ index, explanations: z.array(words) })),
});

/**
 * The labels in an object of Neuronpedia: an explanation of its bulk export, a feature of its API, or an upload batch. Where a feature
 * has several, the first that says anything. A source such as `3-mlp-sm` gives the layer.
 */
export function fromNeuronpedia(value: unknown): GivenLabel[] {
  const explanation = explanationSchema.safeParse(value).data;
  if (explanation) return given(explanation.layer, explanation.index, [explanation.description]);
  const feature = featureSchema.safeParse(value).data;
  if (feature) return given(feature.layer, feature.index, feature.explanations);
  const batch = batchSchema.safeParse(value).data;
  return (batch?.features ?? []).flatMap((one) =>
    given(batch?.source ?? '', one.index, one.explanations),
  );
}

function given(source: string, at: number, texts: readonly string[]): GivenLabel[] {
  const label = texts.map((text) => text.trim()).find((text) => text !== '');
  const layer = /^\d+/.exec(source)?.[0];
  if (label === undefined) return [];
  return [{ ...(layer !== undefined && { layer: Number(layer) }), index: at, label }];
}
