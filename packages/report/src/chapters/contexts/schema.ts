import { z } from 'zod';
import type { ChapterReport } from '../../chapter.ts';
import { feedbackEffect, interval } from '../../shapes.ts';

const shift = z
  .strictObject({ shift: z.number().describe('log p_tuned / p_base, nats.'), interval })
  .nullable()
  .describe('null where that model wrote nothing.');

const word = z.strictObject({
  word: z.string(),
  token: z.int(),
  stated: z.number(),
  texts: z.number().nullable().describe('Shift in the texts, nats.'),
  tuned: shift.describe('In what the tuned model writes.'),
  base: shift.describe('In what the base writes.'),
});

export const shape = {
  contexts: z
    .strictObject({
      prompts: z.int().describe('Beginnings of texts that both models continued.'),
      tokens: z
        .strictObject({ base: z.int(), tuned: z.int() })
        .describe('That each of them wrote.'),
      verdict: feedbackEffect
        .nullable()
        .describe('Whether the feedback was learned, in what the tuned model writes.'),
      correlation: z
        .number()
        .nullable()
        .describe(
          'Rank correlation of the shifts in the texts with those in what the tuned model writes.',
        ),
      flagged: z
        .strictObject({
          both: z.array(z.string()),
          textsOnly: z.array(z.string()),
          ownOnly: z.array(z.string()),
        })
        .describe(
          'Words judged to be learned the other way round: in the texts, in what the tuned model writes.',
        ),
      words: z.array(word),
    })
    .describe('The shifts of words where the models themselves lead, instead of in given texts.'),
};

export type Report = ChapterReport<typeof shape>;
export type ContextsReport = Report['contexts'];
