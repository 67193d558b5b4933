import type { ActivationExample } from '@feedprint/core';
import { placeOf } from './exported-feature.ts';
import type { ExportedFeature } from './exported-feature.ts';

interface ActivationRecord {
  readonly tokens: readonly string[];
  readonly activations: readonly number[];
}

/**
 * A feature as OpenAI's automated-interpretability keeps neurons (`NeuronRecord`). Strong windows are the most positive
 * records; silent and weaker ones are the random sample. Kurtosis is the fourth moment over the squared variance. Null
 * where the statistics of all texts are not known.
 */
export function toNeuronRecord({ evidence }: Pick<ExportedFeature, 'evidence'>) {
  const { id, top, heldOutActive, heldOutSilent, selection, statistics } = evidence;
  const { layer, index } = placeOf(id);
  const active = [...top, ...heldOutActive, ...(selection?.active ?? [])];
  const isTop = ({ kind }: ActivationExample): boolean => kind === undefined || kind === 'top';
  const record = ({ tokens, activations }: ActivationExample): ActivationRecord => ({
    tokens,
    activations,
  });
  const strongest = active
    .filter(isTop)
    .sort((a, b) => Math.max(...b.activations) - Math.max(...a.activations));
  return {
    neuron_id: { layer_index: layer, neuron_index: index },
    random_sample: [...active.filter((one) => !isTop(one)), ...heldOutSilent].map(record),
    random_sample_by_quantile: null,
    quantile_boundaries: null,
    mean: statistics?.mean ?? null,
    variance: statistics?.variance ?? null,
    skewness: statistics?.skewness ?? null,
    kurtosis: statistics?.kurtosis ?? null,
    most_positive_activation_records: strongest.map(record),
  };
}
