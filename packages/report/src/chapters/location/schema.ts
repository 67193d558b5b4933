import { z } from 'zod';
import type { ChapterReport } from '../../chapter.ts';
import { interval } from '../../shapes.ts';

const share = z.strictObject({
  value: z.number().nullable().describe('Share of the shift, 1 for all; null for no shift.'),
  interval: interval.nullable().describe('95 % bootstrap interval over texts.'),
});

const shares = z
  .strictObject({ slope: share, expected: share })
  .describe('Of the slope of log-ratios on stated feedback; of the expected feedback per token.');

const bothWays = {
  restored: shares.describe("Undone by giving the tuned model the base's."),
  transplanted: shares.describe("Obtained by giving the base the tuned model's."),
};

const shift = z.strictObject({
  value: z.number(),
  interval: interval.nullable().describe('95 % bootstrap interval over texts.'),
  found: z.boolean().describe('Whether the interval leaves out 0.'),
});

const row = z.strictObject({
  token: z.int(),
  text: z.string(),
  expected: z.number().describe('Expected count under the base.'),
  effect: z
    .number()
    .describe("Log of how much more often it is expected by the unembedding's change alone, nats."),
  moved: z.number().nullable().describe("Length of its row's change over its length in the base."),
  stated: z.number().nullable(),
});

const location = z
  .strictObject({
    state: z
      .enum(['located', 'no-shift', 'no-exchange'])
      .describe('no-exchange: the parameters of such models cannot be exchanged.'),
    texts: z.int(),
    contexts: z.int().describe('Positions, each with what may follow it.'),
    shift: z
      .strictObject({
        slope: shift.describe('Slope of log-ratios on stated feedback, nats per unit.'),
        expected: shift.describe('Expected stated feedback per next token.'),
      })
      .nullable(),
    places: z
      .array(
        z.strictObject({
          place: z.string(),
          layer: z.int().nullable(),
          kind: z.enum(['block', 'part', 'sum']).describe('sum: the like parts of all blocks.'),
          tied: z.boolean().describe('Shares its numbers with another place.'),
          parameters: z.int(),
          ...bothWays,
        }),
      )
      .describe('Whose parameters were exchanged.'),
    sites: z
      .strictObject({ sites: z.array(z.string()), ...bothWays })
      .nullable()
      .describe('The same for activations at the sites that the audit examines.'),
    unembedding: z
      .strictObject({
        words: z.int().describe('Scored words.'),
        correlation: z
          .number()
          .nullable()
          .describe('Of the effect on their rows with what is stated of them.'),
        raised: z.array(row).describe('Largest effect first.'),
        lowered: z.array(row).describe('Smallest effect first.'),
        moved: z.array(row).describe('Those whose rows moved furthest.'),
      })
      .nullable(),
  })
  .describe('In which parameters the shift along the feedback sits.');

export const shape = { location };

export type Report = ChapterReport<typeof shape>;
export type LocationReport = Report['location'];
export type PlaceReport = LocationReport['places'][number];
