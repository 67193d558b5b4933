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
});

export type PredictSettings = z.infer<typeof predictSettingsSchema>;
