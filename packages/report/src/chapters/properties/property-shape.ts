import { z } from 'zod';

export const propertyColumnSchema = z.strictObject({
  effect: z.number().describe('Per standard deviation of the property over the base’s replies.'),
  low: z.number().describe('With high: the 90 % interval.'),
  high: z.number(),
  q: z
    .number()
    .nullable()
    .describe(
      'Chance of so strong an effect where there is none, adjusted for all properties; null if not tested.',
    ),
  n: z.int().describe('Pairs or replies that it rests on.'),
});

const columnOrNull = (meaning: string) =>
  propertyColumnSchema.nullable().describe(`${meaning} null where nothing can be said.`);

const direction = z.union([z.literal(-1), z.literal(0), z.literal(1)]).nullable();

export const judgedPropertySchema = z.strictObject({
  name: z.string(),
  deviation: z
    .number()
    .nullable()
    .describe('Standard deviation over the base’s fresh replies, in the property’s units.'),
  told: columnOrNull(
    'What was rewarded: the effect on the reward of replies, in its standard deviations between replies to one prompt, given the properties that it depends on; where no reward is known, what was declared: 1 more, -1 less, 0 no change, of n = 0 replies.',
  ),
  declared: direction.describe(
    'What the tuner declares: 1 more of it, 0 no change, -1 less; null where nothing is.',
  ),
  asked: direction.describe(
    'Which way it was asked for: as declared or, where nothing is, as the reward surely depends on it.',
  ),
  inData: columnOrNull(
    'On the labels of the pairs or, of replies that were rated one by one, on the odds of a better rating; logits, given the properties that the labels depend on.',
  ),
  learned: columnOrNull(
    'On R of fresh replies (the sum of log p tuned / p base), nats, given the properties that are told, in the data or learned besides.',
  ),
  behaves: columnOrNull('Change of its mean in fresh replies, standard deviations.'),
  alone: z
    .strictObject({ inData: z.number().nullable(), learned: z.number().nullable() })
    .describe('The same effects when no other property is taken into account.'),
  share: z
    .strictObject({ value: z.number(), low: z.number(), high: z.number() })
    .nullable()
    .describe('Share of the difference in R between the models’ replies that it carries.'),
  score: z
    .number()
    .describe(
      'How far it was learned beyond what was told: its share, with the sign of what was learned.',
    ),
  verdict: z.enum([
    'told',
    'in-data-and-learned',
    'in-data-not-learned',
    'learned-not-in-data',
    'not-learned',
  ]),
  flagged: z.boolean().describe('Learned, and nobody asked for it.'),
  settled: z.boolean().describe('Whether the replies settle the question whether it was learned.'),
  partner: z
    .string()
    .nullable()
    .describe(
      'The property that it varies with, to which what they share is counted; of a flagged property, one that is flagged as well: either may be what was learned, and they are one finding.',
    ),
  placebo: z
    .number()
    .nullable()
    .describe('The largest effect on R of a model that cannot have learned it, nats.'),
  dealt: z
    .number()
    .nullable()
    .describe(
      'The largest effect on labels that were dealt out at random 99 times, logits; an effect of nothing exceeds it once in a hundred.',
    ),
  resembles: z
    .strictObject({
      mostly: z
        .strictObject({
          property: z.string(),
          r: z.number().describe('Correlation of the differences between two replies.'),
        })
        .nullable()
        .describe('The counted property that it goes with most.'),
      explained: z
        .number()
        .describe(
          'Share of its differences (their squares) that all counted properties explain together.',
        ),
      drawn: z
        .number()
        .nullable()
        .describe(
          'The largest share of the difference in R that a direction drawn at random carries, which its own must surely exceed; null where none was drawn.',
        ),
    })
    .exactOptional()
    .describe(
      'Of a property that was found in half of the pairs, what it has to do with counted ones, in the other half; absent for a counted one. In the data then rests on the other half, and effects are given all counted properties that explain.',
    ),
});
