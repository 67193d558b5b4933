import { z } from 'zod';

export const featureRowSchema = z.object({
  site: z.string(),
  index: z.int(),
  /** Share of held-out tokens on which it is active. */
  density: z.number(),
  /** Cosine to the most similar feature of the base's and of the larger dictionary. */
  base: z.number().nullable(),
  large: z.number().nullable(),
  label: z.string().nullable(),
  labelScore: z.number().nullable(),
  related: z.boolean().nullable(),
  /** Its weight in the regression of the shift on features, times its mean activation: nats. */
  carries: z.number().nullable(),
  ablationEffect: z.number().nullable(),
});

/** What lists of features can be sorted by. */
export const featureSorts = [
  'carries',
  'density',
  'base',
  'large',
  'labelScore',
  'ablationEffect',
  'index',
] as const;

/** `GET /api/runs/:id/features?...`: what a list asks for. */
export const featureQuerySchema = z.object({
  search: z.string().max(200).default(''),
  token: z.string().max(100).default(''),
  site: z.string().max(200).default(''),
  minDensity: z.coerce.number().min(0).max(1).default(0),
  maxDensity: z.coerce.number().min(0).max(1).default(1),
  labelled: z.enum(['all', 'labelled']).default('all'),
  sort: z.enum(featureSorts).default('carries'),
  order: z.enum(['up', 'down']).default('down'),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  format: z.enum(['json', 'csv']).default('json'),
});

export const featureListSchema = z.object({
  total: z.int(),
  sites: z.array(z.string()),
  features: z.array(featureRowSchema),
});

const heatSchema = z.object({
  tokens: z.array(z.string()),
  /** null for a token whose activation was not captured. */
  activations: z.array(z.number().nullable()),
});
const tokenEffectSchema = z.object({ token: z.string(), effect: z.number() });

/** `GET /api/runs/:id/features/:site/:index`. */
export const featureSchema = featureRowSchema.extend({
  /** Which feature of the base it is most like is not kept; how like it is. */
  words: z.array(z.object({ word: z.string(), stated: z.number(), regression: z.number() })),
  tokens: z
    .object({ promoted: z.array(tokenEffectSchema), suppressed: z.array(tokenEffectSchema) })
    .nullable(),
  onFeedback: z.number().nullable(),
  oddsRatio: z.number().nullable(),
  histogram: z.object({ most: z.number(), counts: z.array(z.int()) }).nullable(),
  /** Number of tokens that the histogram is of. */
  rows: z.int().nullable(),
  examples: z.array(
    heatSchema.extend({
      text: z.int().nullable(),
      /** 0 for the strongest quarter of its activations, 3 for the weakest. */
      quantile: z.int(),
      activation: z.number(),
    }),
  ),
  /** Why there are no examples. */
  without: z.string().nullable(),
  /** What was asked of the labeler, and what it was shown. */
  evidence: z
    .object({ labeler: z.string(), question: z.string(), windows: z.array(heatSchema) })
    .nullable(),
});

export type FeatureRow = z.infer<typeof featureRowSchema>;
export type FeatureQuery = z.infer<typeof featureQuerySchema>;
export type FeatureList = z.infer<typeof featureListSchema>;
export type Feature = z.infer<typeof featureSchema>;
