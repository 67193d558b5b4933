import { z } from 'zod';
import type { ChapterReport } from '../../chapter.ts';

export const shape = {
  divergence: z.array(
    z.strictObject({
      layer: z.int(),
      l2: z.number(),
      relativeL2: z.number(),
      kept: z.boolean(),
    }),
  ),
  components: z
    .array(
      z.strictObject({
        of: z
          .enum(['weights', 'activations'])
          .describe('Weights of a part, or what it puts out, on a small sample of the texts.'),
        layer: z.int().nullable().describe('None for what is outside the blocks.'),
        component: z
          .string()
          .describe('`attention`, `mlp`, `residual` (the stream after the block), `norm`, ...'),
        site: z.string().nullable().describe('Of activations.'),
        n: z.int().describe('Numbers that the part has, or tokens compared at.'),
        l2: z.number().describe('Of the difference; of activations, its mean over tokens.'),
        relativeL2: z.number().describe("Norm of all differences over that of the base's numbers."),
        cosine: z.number().nullable().describe('Of activations: mean over tokens.'),
      }),
    )
    .optional()
    .describe('Divergence by layer and component; absent in reports of before.'),
};

export type Report = ChapterReport<typeof shape>;
