import type { FeatureEvidence, Labeler } from '@feedprint/core';
import { z } from 'zod';
import { withPatience } from './with-patience.ts';

const scoreSchema = z.strictObject({ balancedAccuracy: z.number(), n: z.int() });

export const featureLabelSchema = z.strictObject({
  id: z.string(),
  label: z.string().nullable().describe('Null where there was no evidence or no usable answer.'),
  related: z.boolean().nullable(),
  confidence: z.number().nullable(),
  detection: scoreSchema.nullable().describe('Which held-out windows are active?'),
  fuzzing: scoreSchema.nullable().describe('In which are the marked tokens the active ones?'),
  simulation: z
    .strictObject({ correlation: z.number(), n: z.int() })
    .nullable()
    .describe('How far do simulated activations of held-out tokens go with the true ones?'),
});

/** What a labeler says of one feature, and how far that holds on windows that it did not see. */
export type FeatureLabel = z.infer<typeof featureLabelSchema>;

export interface LabelFeaturesOptions {
  readonly labeler: Labeler;
  /** The yes-or-no question by which features are classified. */
  readonly question: string;
  /** Features under way at once. Default: 1. */
  readonly concurrency?: number;
  readonly onLabel?: (done: number) => void;
}

/**
 * Explains, classifies and scores features, each on its own, with patience for a server that fails now and then. Throws what
 * the labeler throws once too many features fail in a row.
 */
export const labelFeatures = (
  evidence: readonly FeatureEvidence[],
  { labeler, question, concurrency = 1, onLabel }: LabelFeaturesOptions,
): Promise<FeatureLabel[]> =>
  withPatience(evidence, (one) => labelFeature(one, labeler, question), {
    concurrency,
    ...(onLabel && { onDone: onLabel }),
  });

async function labelFeature(
  evidence: FeatureEvidence,
  labeler: Labeler,
  question: string,
): Promise<FeatureLabel> {
  const text = evidence.top.length === 0 ? undefined : await labeler.explain(evidence);
  if (text === undefined) {
    const scores = { detection: null, fuzzing: null, simulation: null };
    return { id: evidence.id, label: null, related: null, confidence: null, ...scores };
  }
  const [classified, detection, fuzzing, simulation] = await Promise.all([
    labeler.classify(text, question),
    labeler.score(text, evidence),
    labeler.fuzz?.(text, evidence),
    labeler.simulate?.(text, evidence),
  ]);
  return {
    id: evidence.id,
    label: text,
    related: classified?.related ?? null,
    confidence: classified?.confidence ?? null,
    detection: detection ?? null,
    fuzzing: fuzzing ?? null,
    simulation: simulation ?? null,
  };
}
