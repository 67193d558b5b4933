import { z } from 'zod';

/** What decides a prediction, besides model and pairs. */
export const predictSettingsSchema = z.strictObject({
  seed: z.int().nonnegative().max(0xffff_ffff).default(0).describe('Seed of every random choice.'),
  maxPairs: z
    .int()
    .positive()
    .optional()
    .describe('Read a sample of at most this many preference pairs.'),
  chatTemplate: z.string().min(1).optional().describe('How conversations are written.'),
  freshReplies: z
    .int()
    .min(40)
    .default(600)
    .describe('Replies that the base writes, two to a prompt, to see what would move.'),
  rehearsedPairs: z
    .int()
    .positive()
    .default(1000)
    .describe('Pairs of which the step is taken, drawn from those that tuning is to learn from.'),
  beta: z.number().positive().default(0.1).describe('Weight of staying near the base in DPO.'),
  learningRate: z
    .number()
    .positive()
    .default(1e-4)
    .describe('Of the steps: so small that what they change is in proportion to it.'),
  batchSize: z.int().positive().default(32).describe('Pairs of a step.'),
});

export type PredictSettings = z.infer<typeof predictSettingsSchema>;
