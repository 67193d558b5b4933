import { z } from 'zod';
import type { ChapterReport } from '../../chapter.ts';
import { activityTable, enrichmentControl, interval } from '../../shapes.ts';

const figure = z.strictObject({
  value: z
    .number()
    .nullable()
    .describe('Mean over the completions; null where it is defined for none of them.'),
  interval: interval.nullable(),
  difference: z
    .strictObject({ value: z.number(), interval })
    .nullable()
    .describe(
      'Mean difference from the unmodified run, completion by completion; null for that run.',
    ),
  p: z
    .number()
    .nullable()
    .describe(
      'Rank among its random draws: (1 + draws at least as extreme) / (1 + draws); null without draws.',
    ),
});

const ablationRun = z.strictObject({
  name: z.string().describe('unmodified, related off, random 1, like related, ...'),
  kind: z.enum(['none', 'related', 'carriers', 'random', 'reconstruction']),
  against: z
    .enum(['related', 'carriers'])
    .nullable()
    .describe('For a random run: the ablation that it is a control for.'),
  draw: z.int().nullable().describe('For a random run: its number, from 1.'),
  features: z.int(),
  density: z
    .number()
    .describe('Mean number of these features active per token, on held-out tokens.'),
  n: z.int().describe('Number of completions.'),
  reward: figure.describe(
    'Summed stated feedback per completion. More extreme: further against the shift that tuning made.',
  ),
  expected: figure.describe(
    "Expected stated feedback of the next token, per token of the unmodified run's completions: the same without sampling noise. More extreme: as for the reward.",
  ),
  kl: figure.describe(
    "KL(unmodified || this), nats per token, on the unmodified run's completions. More extreme: larger.",
  ),
  logProbBase: figure.describe(
    'Log-probability of a completion under the base model, nats per token. More extreme: further from the unmodified run.',
  ),
  repeated: figure.describe(
    'Share of the bigrams of a completion that occurred earlier in it. More extreme: further from the unmodified run.',
  ),
});

const validation = z.strictObject({
  enrichment: z
    .strictObject({
      oddsRatio: z.number().nullable(),
      p: z.number().nullable(),
      n: z.int(),
      table: activityTable,
      control: enrichmentControl.nullable(),
    })
    .describe('Whether any related feature is active, against strong stated feedback (Fisher).'),
  ablation: z.array(ablationRun),
  crossEntropy: z.array(
    z.strictObject({
      site: z.string(),
      unmodified: z.number(),
      reconstructed: z.number(),
      zeroed: z.number(),
      recovered: z
        .number()
        .nullable()
        .describe(
          '(zeroed - reconstructed) / (zeroed - unmodified); null where zeroing costs less than 0.01 nats.',
        ),
    }),
  ),
});

export const shape = { validation };

export type Report = ChapterReport<typeof shape>;
