import { z } from 'zod';
import { effect, interval } from '../../shapes.ts';

export const word = z.strictObject({
  word: z.string().describe('As it occurs in a text, without its leading space.'),
  token: z.int().describe('Vocabulary id.'),
  stated: z.number().describe('Stated feedback.'),
  estimate: z.number().describe('Learned feedback, in nats of log p_tuned / p_base.'),
  interval: interval.nullable().describe('95 % interval; null where the main estimator has none.'),
  n: z.int().describe('Occurrences in the texts.'),
  drift: z
    .number()
    .describe(
      'What the estimate would be if the feedback did not score it, by what tuning did to unscored tokens; nats.',
    ),
  expected: z
    .number()
    .describe('Estimate that the stated feedback predicts (robust line over all words).'),
  score: z.number().describe('Larger: contradicts the stated feedback more.'),
  reversed: z
    .number()
    .describe('Probability that it was learned the other way round, by a mixture over all words.'),
  q: z
    .number()
    .describe('False discovery rate of the list of all words that are at least as probable.'),
  power: z
    .number()
    .nullable()
    .describe(
      'Probability that a reversal as strong as what other words learned would have been flagged; null if unknown.',
    ),
  detectable: z
    .number()
    .nullable()
    .describe(
      'Nats beyond neutral, against what was stated, that are flagged with 90 % probability.',
    ),
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

export const mixture = z
  .strictObject({
    told: z.number(),
    muted: z.number(),
    reversed: z.number().describe('Shares of the words; told, muted and reversed sum to 1.'),
    intercept: z.number(),
    frequency: z.number().describe('Coefficient of log(expected count / 20).'),
    stated: z.number().describe('Coefficient of stated / unit.'),
    statedByFrequency: z
      .number()
      .describe('Coefficient of stated / unit x log(expected count / 20).'),
    scale: z
      .number()
      .describe('Scale of the errors of a frequent word that was told little, nats.'),
    unit: z.number().describe('Root mean square of the stated feedback.'),
  })
  .describe('Which words were learned as told, not at all, or the other way round.');

export const placeboVerdicts = z.strictObject({
  models: z
    .array(z.strictObject({ name: z.string(), description: z.string(), ...effect }))
    .describe('Models that cannot have learned the feedback, judged as the tuned model is.'),
  dealt: z
    .strictObject({ deals: z.int(), learned: z.int(), reversed: z.int() })
    .describe(
      'How often each verdict is reached if the stated feedback is dealt out among the words.',
    ),
  withdrawn: z
    .enum(['learned', 'reversed'])
    .nullable()
    .describe('The verdict that was withdrawn because a placebo reaches it too.'),
});

export const siblingVerdicts = z
  .strictObject({
    models: z
      .array(
        z.strictObject({
          name: z.string(),
          ...effect,
          flagged: z
            .array(z.string())
            .describe('Words that it is judged to have learned the other way round.'),
        }),
      )
      .describe('Other tunings on the same feedback, judged as the tuned model is.'),
    spread: z
      .number()
      .describe(
        'How far the shift of a word varies from one tuning to the next: root mean square, nats.',
      ),
    stay: z
      .array(z.string())
      .describe('Words that are flagged without regard to other tunings and with it.'),
    withdrawn: z
      .array(z.string())
      .describe('Words that are flagged only without regard to how far tunings lie apart.'),
  })
  .describe('Their spread is in the standard error and interval of every word.');
