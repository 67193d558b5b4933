import type { ActivationExample, FeatureEvidence } from '@feedprint/core';
import { z } from 'zod';

const recordsSchema = z
  .array(z.object({ tokens: z.array(z.string()), activations: z.array(z.number()) }))
  .transform((records) =>
    records.filter(
      ({ tokens, activations }) => tokens.length > 0 && tokens.length === activations.length,
    ),
  );

const recordSchema = z.object({
  neuron_id: z.object({ layer_index: z.number(), neuron_index: z.int().nonnegative() }),
  most_positive_activation_records: recordsSchema,
  random_sample: recordsSchema,
});

/**
 * Evidence from a record of OpenAI's automated-interpretability (`NeuronRecord`): records are dealt in turn to explaining, scoring
 * and selecting, so that none serves two of them. Negative activations count as silence, as they do there. Undefined for what is no
 * such record.
 */
export function fromNeuronRecord(value: unknown): FeatureEvidence | undefined {
  const parsed = recordSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { neuron_id, most_positive_activation_records, random_sample } = parsed.data;
  const toExample =
    (kind: string) =>
    ({ tokens, activations }: { tokens: string[]; activations: number[] }): ActivationExample => ({
      tokens,
      activations: activations.map((activation) => Math.max(0, activation)),
      kind,
    });
  const all = [
    ...most_positive_activation_records.map(toExample('top')),
    ...random_sample.map(toExample('random')),
  ];
  const isActive = ({ activations }: ActivationExample): boolean => activations.some((a) => a > 0);
  const active = all.filter(isActive);
  const silent = all.filter((example) => !isActive(example));
  const dealt = <T>(examples: readonly T[], turn: number): T[] =>
    examples.filter((_, i) => i % 3 === turn);
  return {
    id: `${neuron_id.layer_index}/${neuron_id.neuron_index}`,
    top: dealt(active, 0),
    contrast: dealt(silent, 0),
    heldOutActive: dealt(active, 1),
    heldOutSilent: dealt(silent, 1),
    selection: { active: dealt(active, 2), silent: dealt(silent, 2) },
    maxActivation: active.reduce((most, { activations }) => Math.max(most, ...activations), 0),
  };
}
