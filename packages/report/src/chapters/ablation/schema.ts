import { z } from 'zod';
import type { ChapterReport } from '../../chapter.ts';
import { activityTable, enrichmentControl, interval } from '../../shapes.ts';

const figure = z.strictObject({
  value: z
    .number()
    .nullable()
    .describe('Mean over the completions; null where none of them defines it.'),
  interval: interval.nullable(),
  difference: z
    .strictObject({ value: z.number(), interval })
    .nullable()
    .describe(
      'Mean of the differences to the unmodified run, completion by completion; null for that run.',
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
    .describe('Of a random one: which ablation it is the control of.'),
  draw: z.int().nullable().describe('Of a random one: its number, from 1.'),
  features: z.int(),
  density: z
    .number()
    .describe('How many of the features are active at a token, on average; on held-out tokens.'),
  n: z.int().describe('Completions.'),
  reward: figure.describe(
    'Summed stated feedback of a completion. Extreme: further against the shift that tuning made.',
  ),
  expected: figure.describe(
    "Expected stated feedback of the next token on the unmodified run's completions, a token: the same without the chance of sampling. Extreme: as of the reward.",
  ),
  kl: figure.describe(
    "KL(unmodified || this), nats per token, on the unmodified run's completions. Extreme: larger.",
  ),
  logProbBase: figure.describe(
    'Log-probability of a completion under the base model, nats per token. Extreme: further from the unmodified run.',
  ),
  repeated: figure.describe(
    'Share of the bigrams of a completion that stood in it before. Extreme: further from the unmodified run.',
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
    .describe('Any related feature active, against strong stated feedback (Fisher).'),
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
