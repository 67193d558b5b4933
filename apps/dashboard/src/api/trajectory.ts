import { z } from 'zod';

const effectSchema = z.object({
  step: z.int(),
  effect: z.number(),
  low: z.number(),
  high: z.number(),
  learned: z.boolean(),
});

/** What was learned at some look of a training, and how it grew. */
export const learnedItemSchema = z.object({
  kind: z.enum(['word', 'property']),
  name: z.string(),
  inWords: z.string(),
  /** Beyond what was told. */
  beyond: z.boolean(),
  /** First step at which it was judged as learned. */
  first: z.int().nullable(),
  /** Step at which half of the final effect was there. */
  half: z.number().nullable(),
  looks: z.array(effectSchema),
});

/** `GET /api/runs/:id/trajectory`: what was learned when. */
export const trajectorySchema = z.object({
  sentence: z.string(),
  base: z.string(),
  steps: z.int(),
  /** Chance of a false alarm at any look. */
  alpha: z.number(),
  alarm: z.object({ step: z.int(), items: z.array(z.string()) }).nullable(),
  looks: z.array(
    z.object({
      step: z.int(),
      sentence: z.string(),
      difference: z.number().nullable(),
      wordsEffect: z.number().nullable(),
      /** The run that is its audit; null where that is not below the folder that is served. */
      run: z.string().nullable(),
    }),
  ),
  items: z.array(learnedItemSchema),
});

export type LearnedItem = z.infer<typeof learnedItemSchema>;
export type Trajectory = z.infer<typeof trajectorySchema>;
