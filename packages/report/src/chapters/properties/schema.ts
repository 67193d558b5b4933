import { z } from 'zod';
import type { ChapterReport } from '../../chapter.ts';
import { judgedPropertySchema, propertyColumnSchema } from './property-shape.ts';

const property = judgedPropertySchema.extend({
  definition: z.string().describe('What is counted.'),
  source: z
    .enum(['text', 'model', 'judge'])
    .optional()
    .describe('What it is measured on: characters, a language model, or a chat model’s judgement.'),
  inWords: z
    .strictObject({ more: z.string(), less: z.string() })
    .optional()
    .describe('What was learned by a model that writes more of it, or less.'),
  causes: propertyColumnSchema
    .nullable()
    .describe(
      'Change of R when a reply is edited in this property alone, nats; null where it was not tried.',
    ),
});

/** How right a prediction of what tuning would teach was, over the properties that both measured. */
export const predictionFitSchema = z.strictObject({
  r2: z.number().describe('Share of the squares of what was learned that the prediction explains.'),
  differencesR2: z
    .number()
    .describe('The same by the mean difference of preferred and other replies.'),
  labelsR2: z.number().describe('The same by what the labels reward.'),
  factor: z.number().describe('Nats learned per predicted unit.'),
  n: z.int().describe('Properties.'),
});

const replyVerdict = z
  .strictObject({
    verdict: z
      .enum([
        'learned',
        'as-told',
        'not-learned',
        'reversed',
        'unrelated',
        'nothing-found',
        'no-answer',
      ])
      .describe(
        'learned: something that nobody asked for; as-told: only what was asked for; not-learned: not what was asked for or the labels reward; reversed: the opposite of it; unrelated: a model that cannot have learned anything changes alike; no-answer: too few replies.',
      ),
    difference: propertyColumnSchema.describe(
      'Mean of R over the tuned model’s replies minus that over the base’s, nats per reply.',
    ),
    factor: z
      .number()
      .nullable()
      .describe('Nats learned per logit in the data; null where nothing is in both.'),
    replies: z.int().describe('Fresh replies from each model.'),
    tokens: z.int().describe('Tokens of a fresh reply at most.'),
    heldOut: z.int().describe('Those to prompts that the file marks as not seen by tuning.'),
    pairs: z.int().describe('Pairs whose labels were read; 0 where replies were rated alone.'),
    ties: z
      .int()
      .optional()
      .describe('Ties read besides, half of each for either reply; absent without any.'),
    ratings: z.int().optional().describe('Replies whose ratings were read instead.'),
    byPromptAlone: z
      .literal(true)
      .optional()
      .describe(
        'Replies recur across nearly all prompts, so that intervals take only those of one prompt as dependent; absent where none that share a prompt or reply are taken as independent.',
      ),
    prediction: predictionFitSchema
      .optional()
      .describe('How right a prediction made before tuning was; absent without one.'),
    reward: z
      .string()
      .nullable()
      .describe(
        'What the effects in told are on: the reward of replies; null where none is known.',
      ),
    placebos: z.array(
      z.strictObject({
        name: z.string(),
        description: z.string(),
        temperature: z
          .number()
          .optional()
          .describe('At which it is the base, if that is what it is.'),
        explains: z
          .number()
          .nullable()
          .describe(
            'Share of the variance of R that its own R explains; 1 for a model that is it.',
          ),
      }),
    ),
    teaching: z
      .array(
        z.strictObject({
          property: z.string(),
          pair: z.int().describe('Index in the file.'),
          prompt: z.string(),
          chosen: z.string(),
          rejected: z.string(),
          difference: z.number().describe('Of the property, preferred minus other reply.'),
          influence: z
            .number()
            .describe(
              'How much of the property’s effect on the labels would be gone without the pair, logits per standard deviation.',
            ),
          chosenR: z.number().describe('R of the preferred reply, nats.'),
          rejectedR: z.number(),
        }),
      )
      .describe('For each flagged property, the pairs that taught it most.'),
  })
  .describe('What was learned of properties of replies, in sum.');

export const shape = {
  replyVerdict,
  properties: z.array(property).describe('Furthest learned beyond what was told first.'),
};

export type Report = ChapterReport<typeof shape>;
export type PropertyReport = Report['properties'][number];
export type ReplyVerdictReport = Report['replyVerdict'];
