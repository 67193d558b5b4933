import { z } from 'zod';

const bounded = z.strictObject({ effect: z.number(), low: z.number(), high: z.number() });

/** `predict.json`: what tuning on some pairs would teach. */
export const predictionSchema = z.strictObject({
  format: z.literal('feedprint-prediction/1'),
  feedprint: z.string().describe('Version.'),
  base: z.strictObject({ name: z.string(), fingerprint: z.string() }),
  pairs: z.strictObject({
    file: z.string(),
    sha256: z.string(),
    layout: z.string(),
    compared: z.int().describe('Pairs whose labels were read.'),
  }),
  penalty: z.number().describe('Of the tilts of single tokens.'),
  replies: z.int().describe('Replies that the base wrote.'),
  properties: z
    .array(
      z.strictObject({
        name: z.string(),
        definition: z.string(),
        inWords: z
          .strictObject({ more: z.string(), less: z.string() })
          .optional()
          .describe('What was learned by a model that writes more of it, or less.'),
        told: z.number().nullable().describe('What was asked for: above 0 more of it.'),
        inData: bounded.describe('On the labels, logits per standard deviation.'),
        difference: z
          .number()
          .describe('Mean of preferred minus other replies, standard deviations.'),
        learned: bounded.describe(
          'Predicted effect on the log-ratio, in its standard deviations per standard deviation of the property.',
        ),
        share: z
          .strictObject({ value: z.number(), low: z.number(), high: z.number() })
          .describe('Share of the predicted change that it carries.'),
        placebo: z.number().describe('The effect with labels that were dealt out at random.'),
        verdict: z.enum(['told', 'rewarded', 'besides', 'not-learned']),
      }),
    )
    .describe('Those that would carry most first.'),
  command: z.string().nullable().describe('The command that made it.'),
});

export type Prediction = z.infer<typeof predictionSchema>;
