import { ppoSettingsSchema, trainingSettingsSchema } from '@feedprint/finetune';
import { z } from 'zod';

/** Methods that learn from replies which the model writes itself. */
export const rewardMethods = ['ppo', 'rejection-sft'] as const;
export type RewardMethod = (typeof rewardMethods)[number];

/** How a model is tuned on rewards, by method. */
export const rewardSettingsSchemas = {
  ppo: ppoSettingsSchema,
  'rejection-sft': z.strictObject({
    /** Replies to each prompt, of which the best is learned. */
    bestOf: z.int().min(2).default(8),
    /** New tokens of a reply. */
    newTokens: z.int().positive().default(32),
    temperature: z.number().positive().default(1),
    /** How the best replies are learned. */
    training: trainingSettingsSchema
      .extend({
        epochs: z.number().positive().default(2),
        learningRate: z.number().positive().default(3e-4),
      })
      .prefault({}),
  }),
} as const;

export type RewardSettings =
  | ({ readonly method: 'ppo' } & z.infer<(typeof rewardSettingsSchemas)['ppo']>)
  | ({ readonly method: 'rejection-sft' } & z.infer<
      (typeof rewardSettingsSchemas)['rejection-sft']
    >);
