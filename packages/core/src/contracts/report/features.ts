import { z } from 'zod';
import { activityTable, enrichmentControl } from './validation.ts';

export const saeRun = z.strictObject({
  model: z.enum(['base', 'tuned']),
  site: z.string(),
  dSae: z.int(),
  kind: z.string(),
  curve: z.array(
    z.strictObject({ step: z.int(), mse: z.number(), l0: z.number(), loss: z.number() }),
  ),
  fvu: z.number().describe('Fraction of variance unexplained, about the mean, on held-out rows.'),
  l0: z.number().describe('Mean active features a row.'),
  alive: z.number().describe('Share of features active at least once.'),
});

export const feature = z.strictObject({
  id: z.string().describe('site/index in the tuned SAE.'),
  site: z.string(),
  index: z.int(),
  density: z.number().describe('Share of tokens on which it is active.'),
  matchedBase: z.number().describe("Cosine similarity to the base SAE's most similar feature."),
  matchedLarge: z
    .number()
    .describe("Cosine similarity to the tuned large SAE's most similar feature."),
  carries: z
    .number()
    .describe(
      'Part of the mean shift of the expected next-token feedback, tuned minus base, that goes with it (ridge regression over positions).',
    ),
  onFeedback: z
    .number()
    .describe('Share of its activation that stands on tokens which the feedback scores.'),
  label: z.string().nullable(),
  related: z.boolean().nullable().describe('Classified as about the feedback.'),
  labelScore: z.number().nullable().describe('Balanced accuracy of the label on held-out windows.'),
  oddsRatio: z
    .number()
    .nullable()
    .describe('Odds of strong stated feedback where it is active, over those elsewhere.'),
  fisherP: z.number().nullable().describe('One-sided; rows of one word are not independent.'),
  activity: activityTable,
  enrichmentControl: enrichmentControl.nullable(),
  ablationEffect: z
    .number()
    .nullable()
    .describe('Change of the expected next-token feedback when it alone is switched off.'),
  examples: z.array(
    z.strictObject({ tokens: z.array(z.string()), activations: z.array(z.number()) }),
  ),
});
