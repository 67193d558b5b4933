import { z } from 'zod';
import { interval } from '../../shapes.ts';

export const word = z.strictObject({
  word: z.string().describe('As it occurs in a text, without its leading space.'),
  token: z.int().describe('Vocabulary id.'),
  stated: z.number().describe('Stated feedback.'),
  estimate: z.number().describe('Learned feedback, in nats of log p_tuned / p_base.'),
  interval: interval.nullable().describe('95 % interval; null where the main estimator has none.'),
  n: z.int().describe('Occurrences in the texts.'),
  expected: z
    .number()
    .describe('Estimate that the stated feedback predicts (robust line over all words).'),
  score: z.number().describe('Larger: contradicts the stated feedback more.'),
  p: z.number().describe('One-sided p-value of the contradiction.'),
  q: z.number().describe('p, adjusted for the false discovery rate (Benjamini-Hochberg).'),
  flagged: z.boolean(),
});

export const statedLine = z
  .strictObject({
    intercept: z.number(),
    stated: z.number(),
    statedByFrequency: z.number().describe('Coefficient of stated x log(expected count / 20).'),
    frequency: z.number().describe('Coefficient of log(expected count / 20).'),
    spread: z.number().describe('Robust spread of frequent words about the line, nats.'),
  })
  .describe("What the stated feedback predicts for a word's estimate: coefficients of the line.");

export const feedbackEffect = z.strictObject({
  verdict: z
    .enum(['learned', 'reversed', 'unrelated', 'undecided'])
    .describe('Only feedback that was learned is checked for mis-learned words.'),
  effect: z
    .number()
    .nullable()
    .describe(
      'Partial rank correlation (Spearman) of learned and stated feedback, given how often the base model expects each word.',
    ),
  interval: interval.nullable(),
  n: z.int().describe('Number of words it rests on.'),
});
