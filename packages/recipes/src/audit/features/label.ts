import { defineStage, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import { labelFeatures } from '../../labels/label-features.ts';
import type { AuditContext } from '../context.ts';
import { smallSaes } from '../dictionaries/saes.ts';
import { known } from '../known.ts';
import { labelerOf, partKey } from '../parts.ts';
import { attribute, carrierFeatureSchema } from './attribute.ts';
import { chooseFeatures } from './choose-features.ts';
import { evidence } from './evidence.ts';
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
  needs: { attribute, contradicting: featureDiscrepancies, evidence, saes: smallSaes },
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
    const chosen = chooseFeatures(features, context.settings.labeled, needs.contradicting.shown);
    const labels = await labelFeatures(needs.evidence, {
      labeler,
      question,
      onLabel: (done) => stage.progress(done, chosen.length, 'features'),
    });
    const effects = await tokenEffects(
      context,
      chosen.map(({ site, feature, histogram: { most } }) => ({ site, feature, most })),
      needs.saes,
    );
    const labeled = chosen.map((feature, i): LabeledFeature => {
      const said = known(labels[i], feature.id);
      const seen = known(needs.evidence[i], feature.id);
      return {
        ...feature,
        label: said.label,
        related: said.related,
        labelScore: said.detection?.balancedAccuracy ?? null,
        tokens: effects[i] ?? null,
        examples: seen.top.slice(0, 4).map(({ tokens, activations }) => ({
          tokens: [...tokens],
          activations: [...activations],
        })),
      };
    });
    await writeJson(folder, 'labels.json', labeled);
  },
  read: (folder) => readJson(folder, 'labels.json', z.array(labeledFeatureSchema)),
});
