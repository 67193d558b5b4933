import { FeedprintError } from '@feedprint/core';
import { z } from 'zod';
import { saeTrainingSettingsSchema } from '../training/settings.ts';

const { shape } = saeTrainingSettingsSchema;

/** How an SAE is fine-tuned inside its model. Whatever is not listed here is as in training an SAE. */
export const finetuneSettingsSchema = z.strictObject({
  tokens: shape.tokens.unwrap().default(400_000).describe('Rows seen, over all passes.'),
  batchRows: shape.batchRows.describe('Rows per step, from whole texts.'),
  divergenceWeight: z
    .number()
    .nonnegative()
    .default(2)
    .describe('Weight of the divergence, relative to the reconstruction error.'),
  learningRate: shape.learningRate.unwrap().default(1e-3).describe('Highest learning rate.'),
  warmUp: shape.warmUp.unwrap().default(0).describe('Share of the steps in which it grows from 0.'),
  decay: shape.decay.unwrap().default(1).describe('Share of the steps in which it falls to 0.'),
  targetL0: shape.targetL0,
  optimizer: shape.optimizer,
  beta1: shape.beta1,
  beta2: shape.beta2,
  clipNorm: shape.clipNorm,
  l1: shape.l1,
  l1Per: shape.l1Per,
  l0: shape.l0,
  bandwidth: shape.bandwidth,
});

export type FinetuneSettings = z.infer<typeof finetuneSettingsSchema>;

/** Settings with their defaults. Throws `config-invalid`. */
export function parseFinetuneSettings(given: Partial<FinetuneSettings>): FinetuneSettings {
  const parsed = finetuneSettingsSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new FeedprintError({
    code: 'config-invalid',
    message: `SAE fine-tuning settings: ${z.prettifyError(parsed.error).replaceAll(/\s+/g, ' ')}`,
    remedy: 'correct them or leave them out',
  });
}
