import { defineStage, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import type { AuditContext } from '../context.ts';
import { smallSaes } from '../dictionaries/saes.ts';
import { known } from '../known.ts';
import { labelerOf, partKey } from '../parts.ts';
import { attribute, carrierFeatureSchema } from './attribute.ts';
import type { CarrierFeature } from './attribute.ts';
import { gatherEvidence } from './evidence.ts';
import { featureDiscrepancies } from './feature-discrepancies.ts';
import { tokenEffects, tokenEffectsSchema } from './token-effects.ts';

const labeledFeatureSchema = carrierFeatureSchema.extend({
  label: z.string().nullable(),
  related: z.boolean().nullable(),
  labelScore: z.number().nullable(),
  tokens: tokenEffectsSchema.nullable(),
  examples: z.array(
    z.strictObject({ tokens: z.array(z.string()), activations: z.array(z.number()) }),
  ),
});

/** What was found out about one feature before validation. */
export type LabeledFeature = z.infer<typeof labeledFeatureSchema>;

/** Explains the kept features that have most to do with the feedback, classifies and scores the explanations. */
export const label = defineStage({
  name: 'label',
  needs: { attribute, contradicting: featureDiscrepancies, saes: smallSaes },
  config: ({ identity, parts, question, settings }: AuditContext) => ({
    identity,
    labeler: partKey(labelerOf(parts)),
    question,
    labeled: settings.labeled,
    changes: parts.changes ? partKey(parts.changes) : null,
    seed: settings.seed,
  }),
  work: async ({ context, needs, folder, stage }) => {
    const labeler = labelerOf(context.parts);
    const question = known(context.question, 'a question');
    const { features } = needs.attribute;
    const chosen = candidates(features, context.settings.labeled, needs.contradicting.shown);
    const evidence = await gatherEvidence(context, chosen, needs.saes);
    const effects = await tokenEffects(
      context,
      chosen.map(({ site, feature, histogram: { most } }) => ({ site, feature, most })),
      needs.saes,
    );
    const labeled: LabeledFeature[] = [];
    for (const [i, feature] of chosen.entries()) {
      const seen = known(evidence[i], feature.id);
      const text = seen.top.length === 0 ? undefined : await labeler.explain(seen);
      const classification =
        text === undefined ? undefined : await labeler.classify(text, question);
      const score = text === undefined ? undefined : await labeler.score(text, seen);
      labeled.push({
        ...feature,
        label: text ?? null,
        related: classification?.related ?? null,
        labelScore: score?.balancedAccuracy ?? null,
        tokens: effects[i] ?? null,
        examples: seen.top.slice(0, 4).map(({ tokens, activations }) => ({
          tokens: [...tokens],
          activations: [...activations],
        })),
      });
      stage.progress(i + 1, chosen.length, 'features');
    }
    await writeJson(folder, 'labels.json', labeled);
  },
  read: (folder) => readJson(folder, 'labels.json', z.array(labeledFeatureSchema)),
});

/**
 * Half chosen by how much of the shift they carry, half by how active they are on scored tokens, then those that
 * contradict; none twice.
 */
function candidates(
  features: readonly CarrierFeature[],
  count: number,
  contradicting: readonly string[],
): CarrierFeature[] {
  if (count === 0) return [];
  const by = (value: (feature: CarrierFeature) => number): CarrierFeature[] =>
    [...features].sort(
      (a, b) => Math.abs(value(b)) - Math.abs(value(a)) || a.id.localeCompare(b.id),
    );
  const carrying = by(({ carries }) => carries).slice(0, Math.ceil(count / 2));
  const standing = by(({ onFeedback }) => onFeedback).filter(
    (feature) => !carrying.includes(feature),
  );
  const chosen = [...carrying, ...standing.slice(0, count - carrying.length)];
  return [
    ...chosen,
    ...contradicting.flatMap((id) => features.filter((f) => f.id === id && !chosen.includes(f))),
  ];
}
