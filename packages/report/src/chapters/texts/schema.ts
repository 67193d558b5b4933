import { z } from 'zod';
import type { ChapterReport } from '../../chapter.ts';

/** Whole texts whose implied reward the stated feedback does not predict. */
const replies = z.strictObject({
  count: z.int().describe('Number of texts.'),
  flagged: z.int(),
  perStated: z.number().describe('Implied reward (nats) per unit of stated feedback.'),
  perToken: z.number().describe('Implied reward (nats) per token.'),
  constant: z.number(),
  points: z
    .array(
      z.strictObject({
        text: z.int(),
        stated: z.number(),
        reward: z.number(),
        expected: z.number(),
        flagged: z.boolean(),
      }),
    )
    .describe('Texts to draw: all of them, or an evenly spaced sample and all flagged ones.'),
  strongest: z
    .array(
      z.strictObject({
        text: z.int().describe('Index of the text.'),
        tokens: z.array(z.string()),
        logRatio: z.array(z.number()).describe('log p_tuned / p_base of each token, nats.'),
        stated: z.array(z.number().nullable()).describe('Stated feedback of each token.'),
        cut: z.boolean().describe('Whether the text goes on.'),
        reward: z.number().describe('Sum of the log-ratios over the whole text.'),
        statedSum: z.number(),
        expected: z.number().describe('Reward that stated feedback and length predict.'),
        score: z.number().describe('Standardised residual; positive: more than stated.'),
        p: z.number().describe('Two-sided.'),
        q: z.number(),
        flagged: z.boolean(),
        words: z.array(z.string()).describe('Tokens that carry most of the residual.'),
      }),
    )
    .describe('The texts that depart furthest.'),
});

export const shape = {
  replies: replies.nullable().describe('null where there are too few texts to tell.'),
};

export type Report = ChapterReport<typeof shape>;
export type RepliesReport = NonNullable<Report['replies']>;
