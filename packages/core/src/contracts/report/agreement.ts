import { z } from 'zod';

/** What an interval was read from is in the run's tables, not in the report. */
export const interval = z.object({ low: z.number(), high: z.number() }).describe('95 % interval.');

export const bootstrapped = interval
  .extend({
    method: z
      .enum(['bca', 'percentile'])
      .describe('percentile where the corrections of BCa are not defined.'),
  })
  .nullable()
  .describe('95 % bootstrap interval.');

const measure = z.strictObject({
  value: z.number().nullable().describe('null where the data do not define it.'),
  interval: bootstrapped,
  n: z.int().describe('Number of words it rests on.'),
});

export const agreementMeasures = z.strictObject({
  tauB: measure.describe("Kendall's tau-b on values."),
  spearman: measure,
  pearson: measure,
  signAccuracy: measure.describe('Share of words whose estimate has the stated sign.'),
  auroc: measure.describe("Probability that a positive word's estimate exceeds a negative one's."),
});

const advantage = z.strictObject({
  value: z.number().nullable().describe('Estimator minus control, over the words that both have.'),
  interval: bootstrapped,
  matched: z
    .boolean()
    .nullable()
    .describe(
      'The interval does not lie above 0: the control does as well, for all that is known.',
    ),
});

const advantages = z.strictObject({
  tauB: advantage,
  spearman: advantage,
  pearson: advantage,
  signAccuracy: advantage,
  auroc: advantage,
});

export const estimatorAgreement = agreementMeasures.extend({
  estimator: z.string(),
  description: z.string(),
  controls: z.array(
    agreementMeasures.extend({
      control: z.string(),
      description: z.string(),
      advantage: advantages.describe('Of the estimator over this control.'),
    }),
  ),
  flagged: z
    .int()
    .describe('Words whose estimate contradicts the stated feedback, q at most 0.05.'),
});
