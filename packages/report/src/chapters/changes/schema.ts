import { z } from 'zod';
import type { ChapterReport } from '../../chapter.ts';

const changedWord = z.strictObject({ word: z.string(), token: z.int(), value: z.number() });

const method = z.strictObject({
  method: z.string(),
  description: z.string(),
  signed: z.boolean().describe('Whether values have a direction; magnitudes have none.'),
  highest: z
    .array(changedWord)
    .describe('Words that occur at least ten times after another token, largest first.'),
  lowest: z.array(changedWord).describe('Smallest first; empty for magnitudes.'),
});

const dictionary = z.strictObject({
  name: z.string(),
  description: z.string(),
  dSae: z.int(),
  explained: z
    .number()
    .describe('Share of the variance explained, on rows that it was not trained on.'),
  l0: z.number(),
  alive: z.number(),
  tunedOnly: z
    .int()
    .nullable()
    .describe('Features of a crosscoder that only the tuned model has; null for other kinds.'),
  baseOnly: z.int().nullable(),
  features: z
    .array(
      z.strictObject({
        feature: z.int(),
        density: z.number(),
        size: z
          .number()
          .describe('Mean activation times the length of its change to the activations.'),
        relativeNorm: z.number().nullable().describe('0: base alone; 1/2: shared; 1: tuned alone.'),
        errorRatio: z.number().nullable().describe('Near 0 where the base lacks it.'),
        promotes: z.array(z.string()),
        suppresses: z.array(z.string()),
      }),
    )
    .describe('Those that carry most of the difference.'),
});

const changes = z
  .strictObject({
    texts: z.int(),
    positions: z.int(),
    kl: z.strictObject({
      mean: z.number().describe('Mean KL(tuned || base) of next-token distributions, nats.'),
      reverse: z.number().describe('Mean KL(base || tuned).'),
      quantiles: z.array(z.strictObject({ share: z.number(), value: z.number() })),
    }),
    positionsMost: z
      .array(
        z.strictObject({
          text: z.int().describe('Index of the text.'),
          position: z.int(),
          kl: z.number(),
          context: z.array(z.string()).describe('The last few tokens before it.'),
          next: z.string().describe('The token that follows in the text.'),
          gained: z.string().describe('The token that tuning made more probable there.'),
        }),
      )
      .describe('Where the next token changed most, at most one position per text.'),
    sites: z.array(
      z.strictObject({
        site: z.string(),
        layer: z.int().nullable(),
        meanL2: z.number().describe('Mean norm of the difference in activations.'),
        baseNorm: z.number().describe("Mean norm of the base's activations."),
        relativeL2: z.number(),
        meanDifference: z.number().describe('Norm of the mean difference.'),
      }),
    ),
    directions: z
      .strictObject({
        site: z.string(),
        aboutZero: z.array(z.number()),
        aboutMean: z.array(z.number()).describe('Empty where all differences are the same.'),
      })
      .describe(
        'Shares of the squared differences along their principal directions; empty for sites of more than 1,024 units.',
      ),
    dictionaries: z.array(dictionary),
    methods: z
      .array(method)
      .describe('Label-free scores of words; all are in tables/changes.parquet.'),
  })
  .describe('What tuning changed, measured without any labels.');

export const shape = { changes };

export type Report = ChapterReport<typeof shape>;
export type ChangesReport = Report['changes'];
