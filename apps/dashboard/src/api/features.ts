import { z } from 'zod';
import { plainRows } from './plain-rows.ts';
import { promptSchema } from './playground.ts';

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
  /** In the paper's probe: change of the predicted distance to the neutral text per standard deviation of the feature; null where none was fitted. */
  probe: z.number().nullable(),
});

/** What lists of features can be sorted by. */
export const featureSorts = [
  'carries',
  'probe',
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
  /** A page of the list, or all of it as a file. */
  format: z.enum(['page', 'json', 'csv']).default('page'),
});

export const featureListSchema = z.object({
  total: z.int(),
  sites: z.array(z.string()),
  features: plainRows(featureRowSchema),
});

const heatSchema = z.object({
  tokens: z.array(z.string()),
  /** null for a token whose activation was not captured. */
  activations: z.array(z.number().nullable()),
});
const tokenEffectSchema = z.object({ token: z.string(), effect: z.number() });
const tokenEffectsSchema = z
  .object({ promoted: z.array(tokenEffectSchema), suppressed: z.array(tokenEffectSchema) })
  .nullable();
const nearSchema = z.object({
  index: z.int(),
  cosine: z.number(),
  /** Of features of the same dictionary. */
  label: z.string().nullable(),
});

/** `GET /api/runs/:id/features/:site/:index`. */
export const featureSchema = featureRowSchema.extend({
  /** Number of features of its dictionary. */
  of: z.int(),
  /** Most alike, in its own dictionary, in the base's and in the larger one of the tuned model; null where they are gone. */
  near: z
    .object({
      own: z.array(nearSchema),
      base: z.array(nearSchema),
      large: z.array(nearSchema),
    })
    .nullable(),
  words: z.array(z.object({ word: z.string(), stated: z.number(), regression: z.number() })),
  tokens: tokenEffectsSchema,
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
  /** Parts that cannot be shown, and why. */
  missing: z.array(z.object({ what: z.string(), why: z.string() })),
  /** What was asked of the labeler, and what it was shown. */
  evidence: z
    .object({
      labeler: z.string(),
      question: z.string(),
      windows: z.array(heatSchema),
      /** Calls to the chat model that wrote, classified and scored it. */
      calls: z.array(
        z.object({
          step: z.enum(['explain', 'classify', 'detect', 'fuzz']),
          asked: z.array(z.object({ role: z.string(), content: z.string() })),
          answer: z.string(),
          /** Tokens of the request and of the answer. */
          input: z.number(),
          output: z.number(),
        }),
      ),
    })
    .nullable(),
});

/** `POST /api/runs/:id/features/:site/:index/ask`: where it is active in a text, and what it does to the next token. */
export const featureAskSchema = z.strictObject({ prompt: promptSchema });
export const featureAnswerSchema = z.object({
  tokens: z.array(z.string()),
  activations: z.array(z.number()),
  effects: tokenEffectsSchema,
});

export type FeatureRow = z.infer<typeof featureRowSchema>;
export type FeatureQuery = z.infer<typeof featureQuerySchema>;
export type FeatureList = z.infer<typeof featureListSchema>;
export type Feature = z.infer<typeof featureSchema>;
export type FeatureAnswer = z.infer<typeof featureAnswerSchema>;
