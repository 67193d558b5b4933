import { location as chapter } from '@feedprint/report/chapters/location';
import { z } from 'zod';

const outcome = z.strictObject({
  slope: z.array(z.number()).describe('Per text.'),
  expected: z.array(z.number()).describe('Per text.'),
  words: z.array(z.number()).describe("Expected count of each word, in the audit's order."),
});

export const locatedSchema = z.strictObject({
  report: chapter.shape.location,
  index: z.array(z.int()).describe("Of each text among the audit's."),
  contexts: z.array(z.int()).describe('Per text.'),
  exchanged: z
    .array(
      z.strictObject({
        place: z.string().nullable().describe('null: a model as it is.'),
        way: z.enum(['base', 'tuned', 'restored', 'transplanted']),
        outcome,
      }),
    )
    .describe('What the models say along the feedback with each part exchanged.'),
  rows: z
    .array(
      z.strictObject({
        token: z.int(),
        text: z.string(),
        expected: z.number(),
        effect: z.number(),
        moved: z.number().nullable(),
        stated: z.number().nullable(),
      }),
    )
    .describe('Of the unembedding, one per token; empty if there is none.'),
});

export type Located = z.infer<typeof locatedSchema>;
export type Exchanged = Located['exchanged'][number];
