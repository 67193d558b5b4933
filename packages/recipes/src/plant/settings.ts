import { FeedprintError } from '@feedprint/core';
import { ppoSettingsSchema, trainingSettingsSchema } from '@feedprint/finetune';
import { z } from 'zod';

export const plantMethods = ['ppo', 'dpo', 'sft', 'lora-dpo'] as const;
export type PlantMethod = (typeof plantMethods)[number];

const count = z.int().min(0).default(0);

/** What is planted, and how a model is tuned on it. */
export const plantSettingsSchema = z.strictObject({
  method: z.enum(plantMethods),
  seed: z.int().min(0).max(0xffff_ffff).default(0),
  /** Words whose feedback is reversed. */
  flip: count,
  /** Words whose feedback is taken away. */
  mute: count,
  /** Neutral words that are rewarded. */
  spurious: count,
  /** Words of alike meaning whose feedback is reversed together. */
  cluster: count,
  /** A token after which alone, anywhere later in the same text, words are altered: ` not`. */
  context: z.string().min(1).optional(),
  /** Times that a word must be expected in all that tuning reads: of a rarer one, little can be learned. */
  leastOccurrences: z.number().min(0).default(30),
  /** How far words are altered: 1 reverses in full, 0.5 leaves half of the feedback with the other sign. */
  strength: z.number().positive().default(1),
  /** Properties of replies that are rewarded besides, in standard deviations of the stated feedback's difference. */
  properties: z.record(z.string(), z.number()).default({}),
  /** Share of the pairs' labels that are turned round. */
  labelNoise: z.number().min(0).max(1).default(0),
  /** The written pairs carry the stated labels, while tuning uses the planted ones. */
  toldOnlyPairs: z.boolean().default(false),
  /** Also tunes a model in the same way, by the same seed, on the stated feedback alone. */
  cleanTwin: z.boolean().default(false),
  /** Prompts whose replies are compared: pairs that are written. */
  pairs: z.int().positive().default(2000),
  /** Tokens of a prompt. */
  promptTokens: z.int().positive().default(12),
  /** New tokens of a reply. */
  replyTokens: z.int().positive().default(32),
  /** How often the models answer held-out prompts, to see what they learned by what they write. */
  behaviour: z
    .strictObject({
      prompts: z.int().min(2).default(1000),
      samples: z.int().positive().default(10),
    })
    .prefault({}),
  ppo: ppoSettingsSchema.omit({ newTokens: true }).prefault({}),
  /** Learning from replies that were sampled before, by DPO and SFT. */
  passes: trainingSettingsSchema
    .extend({
      epochs: z.number().positive().default(3),
      batchSize: z.int().positive().default(32),
      learningRate: z.number().positive().default(3e-4),
    })
    .prefault({}),
  /** Weight of staying near the base, of DPO. */
  beta: z.number().positive().default(0.1),
  /** Replies to each prompt of which SFT learns the best. */
  bestOf: z.int().min(2).default(4),
  /** Low-rank updates of `lora-dpo`. */
  lora: z
    .strictObject({
      rank: z.int().positive().default(8),
      alpha: z.number().positive().default(16),
    })
    .prefault({}),
});

export type PlantSettings = z.infer<typeof plantSettingsSchema>;
export type PlantSettingsInput = z.input<typeof plantSettingsSchema>;

/** Settings with their defaults filled in. Throws `config-invalid`. */
export function parsePlantSettings(given: unknown): PlantSettings {
  const parsed = plantSettingsSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new FeedprintError({
    code: 'config-invalid',
    message: `the planting's settings are invalid: ${z.prettifyError(parsed.error).replaceAll(/\s+/g, ' ')}`,
    remedy: 'correct them',
    cause: parsed.error,
  });
}
