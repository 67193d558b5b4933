import { z } from 'zod';
import type { ChapterReport } from '../../chapter.ts';
import { interval } from '../../shapes.ts';

const shiftClassNames = ['unshifted', 'marginal', 'shifted'] as const;

const figures = z.strictObject({
  tokens: z.int(),
  logRatio: z
    .number()
    .nullable()
    .describe('Mean log p_tuned / p_base of the tokens, nats: the reward that tuning implies.'),
  scored: z.number().nullable().describe('Share of the tokens that the feedback scores.'),
  stated: z.number().nullable().describe('Mean stated feedback of those.'),
});

const shift = z
  .strictObject({
    prompts: z.int().describe('Prompts to which the tuned model added a token.'),
    kl: z.strictObject({
      value: z
        .number()
        .nullable()
        .describe('Mean KL(tuned || base) where a token was added, nats.'),
      interval: interval.nullable(),
    }),
    all: figures,
    classes: z
      .array(
        figures.extend({
          class: z
            .enum(shiftClassNames)
            .describe('By rank under the base: 1 unshifted, 2 or 3 marginal, above 3 shifted.'),
          share: z.number().nullable(),
          interval: interval.nullable().describe('95 % bootstrap interval over prompts.'),
        }),
      )
      .describe('All three, in this order.'),
    positions: z
      .array(
        z.strictObject({
          position: z.int().describe('Among the added tokens, from 0.'),
          n: z.int(),
          unshifted: z.number(),
          marginal: z.number(),
          shifted: z.number(),
          kl: z.number(),
        }),
      )
      .describe('Shares of the three classes and mean KL at each position.'),
    shiftedTokens: z
      .array(
        z.strictObject({
          token: z.int(),
          text: z.string(),
          count: z.int().describe('How often it was shifted.'),
          added: z.int().describe('How often it was added.'),
          rank: z.number().describe('Mean rank under the base where it was shifted.'),
          logRatio: z.number().describe('Mean log p_tuned / p_base where it was shifted, nats.'),
          stated: z.number().nullable(),
        }),
      )
      .describe('The tokens that were shifted most often.'),
  })
  .describe('Token distribution shift (arXiv 2312.01552).');

export const shape = { shift };

export type Report = ChapterReport<typeof shape>;
export type ShiftReport = Report['shift'];
