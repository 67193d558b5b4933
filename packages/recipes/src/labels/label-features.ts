import { FeedprintError, limitConcurrency } from '@feedprint/core';
import type { FeatureEvidence, Labeler } from '@feedprint/core';
import { z } from 'zod';

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

/** So many features failing in a row, with none labelled in between, end the run. */
const patience = 8;

/**
 * Explains, classifies and scores features, each on its own. A feature whose requests fail is put back to the end and
 * tried again for as long as others succeed, so that one bad answer of a server ends nothing. Throws what the labeler
 * throws once `patience` features fail in a row.
 */
export async function labelFeatures(
  evidence: readonly FeatureEvidence[],
  { labeler, question, concurrency = 1, onLabel }: LabelFeaturesOptions,
): Promise<FeatureLabel[]> {
  const limit = limitConcurrency(concurrency);
  const labels = new Map<FeatureEvidence, FeatureLabel>();
  let failures = 0;
  let last: unknown;
  const attempt = async (one: FeatureEvidence): Promise<void> => {
    if (failures >= patience) return;
    try {
      labels.set(one, await labelFeature(one, labeler, question));
      failures = 0;
      onLabel?.(labels.size);
    } catch (error) {
      if (!isPassing(error)) failures = Infinity;
      failures++;
      last = error;
    }
  };
  for (let before = -1; before < labels.size && failures < patience;) {
    before = labels.size;
    const left = evidence.filter((one) => !labels.has(one));
    if (left.length === 0) break;
    await Promise.all(left.map((one) => limit(() => attempt(one))));
  }
  if (labels.size < evidence.length) throw last;
  return evidence.map((one) => labels.get(one) as FeatureLabel);
}

/** Whether another attempt may succeed. */
const isPassing = (error: unknown): boolean =>
  FeedprintError.is(error) && error.code === 'service-failed';

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
