import { z } from 'zod';

export const interval = z
  .strictObject({ low: z.number(), high: z.number() })
  .describe('95 % interval.');

const measure = z.strictObject({
  value: z.number().nullable().describe('null where the data do not define it.'),
  interval: interval.nullable(),
  n: z.int().describe('Number of words it rests on.'),
});

export const agreementMeasures = z.strictObject({
  tauB: measure.describe("Kendall's tau-b on values."),
  spearman: measure,
  pearson: measure,
  signAccuracy: measure.describe('Share of words whose estimate has the stated sign.'),
  auroc: measure.describe("Probability that a positive word's estimate exceeds a negative one's."),
});

export const estimatorAgreement = agreementMeasures.extend({
  estimator: z.string(),
  description: z.string(),
  controls: z.array(agreementMeasures.extend({ control: z.string(), description: z.string() })),
});
