import { z } from 'zod';

/** What an interval was read from is in the run's tables, not in the report. */
export const interval = z.object({ low: z.number(), high: z.number() }).describe('95 % interval.');

export const bootstrapped = interval
  .extend({
    method: z
      .enum(['bca', 'percentile'])
      .describe('percentile where the BCa corrections are not defined.'),
  })
  .nullable()
  .describe('95 % bootstrap interval.');

/** Rows of a 2 x 2 table: active, silent. */
export const activityTable = z
  .tuple([z.tuple([z.int(), z.int()]), z.tuple([z.int(), z.int()])])
  .describe('[[active, silent] on strong feedback, [active, silent] on tokens without feedback].');

export const enrichmentControl = z
  .strictObject({
    oddsRatios: z
      .array(z.number())
      .describe('One per draw, ascending; 0.5 is added to each count.'),
    median: z.number(),
    p: z
      .number()
      .describe('Rank: (1 + draws whose odds ratio is at least as large) / (1 + draws).'),
  })
  .describe('The same for frequency-matched random features.');

/** Whether feedback was learned at all. */
export const effect = {
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
};

export const feedbackEffect = z.strictObject(effect);
