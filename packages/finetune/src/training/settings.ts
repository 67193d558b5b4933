import { FeedprintError } from '@feedprint/core';
import { constantRate, cosineDecay, linearDecay, warmup } from '@feedprint/graph';
import type { Schedule } from '@feedprint/graph';
import { z } from 'zod';

const share = z.number().min(0).max(1);

/** How long a model is trained, and how fast. */
export const trainingSettingsSchema = z.strictObject({
  epochs: z.number().positive().default(1).describe('Times that all items are seen.'),
  steps: z.int().positive().nullable().default(null).describe('Steps, instead of `epochs`.'),
  batchSize: z.int().positive().default(16).describe('Items (pairs, replies) of a step.'),
  learningRate: z.number().positive().default(1e-5).describe('Highest learning rate.'),
  warmUp: share.default(0.1).describe('Share of the steps in which it grows from 0.'),
  decay: z
    .enum(['linear', 'cosine', 'constant'])
    .default('linear')
    .describe('How it falls to 0 after that, if it does.'),
  weightDecay: z.number().nonnegative().default(0).describe('Of matrices, per learning rate.'),
  beta1: z.number().min(0).lt(1).default(0.9).describe('Decay of the mean gradient.'),
  beta2: z.number().min(0).lt(1).default(0.999).describe('Decay of the mean squared gradient.'),
  epsilon: z.number().positive().default(1e-8).describe("Adam's epsilon."),
  maxGradNorm: z.number().positive().default(1).describe('Longer gradients are scaled to it.'),
  tokensPerPass: z
    .int()
    .positive()
    .nullable()
    .default(null)
    .describe('Tokens of a pass; larger batches take several. Default: by the vocabulary.'),
  logEvery: z
    .int()
    .positive()
    .nullable()
    .default(null)
    .describe('Steps between two points of the curves. Default: a hundredth of all.'),
  evaluateEvery: z
    .int()
    .positive()
    .nullable()
    .default(null)
    .describe('Steps between evaluations on held-out items. Default: a fifth of all.'),
});

export type TrainingSettings = z.infer<typeof trainingSettingsSchema>;

/** Settings with their defaults. Throws `config-invalid`. */
export function parseTrainingSettings(given: Partial<TrainingSettings>): TrainingSettings {
  const parsed = trainingSettingsSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new FeedprintError({
    code: 'config-invalid',
    message: `settings of fine-tuning: ${z.prettifyError(parsed.error).replaceAll(/\s+/g, ' ')}`,
    remedy: 'correct them or leave them out',
  });
}

/** Steps of a training on so many items. */
export const stepsOf = ({ epochs, steps, batchSize }: TrainingSettings, items: number): number =>
  steps ?? Math.max(1, Math.ceil(epochs * Math.ceil(items / batchSize)));

/** The learning rate over all steps. */
export function scheduleOf(
  { learningRate, warmUp, decay }: TrainingSettings,
  steps: number,
): Schedule {
  const rising = Math.floor(warmUp * steps);
  const falling = { rate: learningRate, steps: Math.max(1, steps - rising) };
  const after = {
    linear: () => linearDecay(falling),
    cosine: () => cosineDecay(falling),
    constant: () => constantRate(learningRate),
  }[decay]();
  return rising > 0 ? warmup(rising, after) : after;
}
