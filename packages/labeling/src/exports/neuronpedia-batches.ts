import { placeOf } from './exported-feature.ts';
import type { ExportedFeature } from './exported-feature.ts';

export interface NeuronpediaOptions {
  /** Neuronpedia's name of the model: `pythia-70m-deduped`. */
  readonly modelId: string;
  /** Its name of the SAE: `3-mlp-sm`. */
  readonly source: string;
}

/** Most features of a batch. */
const most = 128;

/**
 * Bodies for Neuronpedia's `feature/upload-batch`, each with up to 128 features: windows with activations, and the label as
 * an explanation. Tokens that a feature promotes are left out where they are not known.
 */
export function toNeuronpediaBatches(
  features: readonly ExportedFeature[],
  { modelId, source }: NeuronpediaOptions,
) {
  const rows = features.map(({ evidence, label, labeler }) => ({
    index: placeOf(evidence.id).index,
    density: evidence.statistics?.density ?? null,
    activations: [...evidence.top, ...evidence.heldOutActive]
      .map(({ tokens, activations }) => ({ tokens, values: activations }))
      .sort((a, b) => Math.max(...b.values) - Math.max(...a.values)),
    explanations:
      label === null ? [] : [{ text: label, methodName: 'feedprint', modelName: labeler }],
    topLogits: [],
    bottomLogits: [],
  }));
  return Array.from({ length: Math.ceil(rows.length / most) }, (_, i) => ({
    modelId,
    source,
    features: rows.slice(i * most, (i + 1) * most),
  }));
}
