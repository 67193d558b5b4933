import { z } from 'zod';

const look = z.strictObject({
  step: z.int(),
  effect: z.number().describe('Nats; see `items[].kind`.'),
  low: z.number().describe('Lower end of its interval, nats.'),
  high: z.number(),
  learned: z.boolean().describe('Whether it was judged as learned.'),
  chance: z
    .number()
    .nullable()
    .describe(
      'How probable it is that it was not learned beyond what was told; null where nothing says it was.',
    ),
});

const item = z.strictObject({
  kind: z
    .enum(['word', 'property'])
    .describe(
      'property: effect is what it carries of the difference in R between the replies of the two models, with a 90 % interval; word: how far its estimate lies from what its stated feedback predicts, against that, with a 95 % interval.',
    ),
  name: z.string(),
  inWords: z.string().describe('What was learned, in words, as the last look saw it.'),
  beyond: z.boolean().describe('Whether any look found it learned beyond what was told.'),
  first: z.int().nullable().describe('First step at which it was judged as learned.'),
  half: z
    .number()
    .nullable()
    .describe('Step at which half of the final effect was there, on straight lines between looks.'),
  looks: z.array(look),
});

const alarm = z.strictObject({
  step: z.int(),
  items: z.array(
    z.strictObject({
      kind: z.enum(['word', 'property']),
      name: z.string(),
      inWords: z.string(),
      chance: z.number(),
    }),
  ),
});

/** report.json of a trajectory. */
export const trajectorySchema = z.strictObject({
  schema: z.literal('feedprint-trajectory/1'),
  feedprint: z.string(),
  name: z.string(),
  command: z.string().optional(),
  base: z.string(),
  steps: z.int().describe('Steps of the training, by which looks spend alpha.'),
  alpha: z.number().describe('Chance of a false alarm at any look.'),
  labelsTell: z.boolean().describe('Whether what the labels reward counts as told.'),
  looks: z.array(
    z.strictObject({
      step: z.int(),
      level: z.number().describe('What this look may spend of alpha.'),
      audit: z.string().describe('Folder of its audit.'),
      sentence: z.string().describe('What that says first.'),
      difference: z
        .number()
        .nullable()
        .describe('Mean of R over the replies of the tuned model minus that over the base, nats.'),
      wordsEffect: z
        .number()
        .nullable()
        .describe('Correlation of what was learned and what was told of words.'),
    }),
  ),
  items: z.array(item).describe('Beyond what was told first, then in the order of learning.'),
  alarm: alarm.nullable().describe('The first one.'),
});

/** What was learned when. */
export type Trajectory = z.infer<typeof trajectorySchema>;
export type TrajectoryItem = Trajectory['items'][number];
export type TrajectoryAlarm = z.infer<typeof alarm>;
