import { z } from 'zod';
import { bootstrapped } from '../../shapes.ts';

const measure = z.strictObject({
  value: z.number().nullable().describe('null where the data do not define it.'),
  interval: bootstrapped,
  n: z.int().describe('Number of words that it rests on.'),
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
      'The interval does not lie above 0: as far as can be told, the control does as well.',
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
