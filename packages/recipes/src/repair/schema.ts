import { z } from 'zod';
import { repairMethods } from './settings.ts';

const effect = z
  .strictObject({ effect: z.number(), low: z.number(), high: z.number() })
  .describe('Logits per standard deviation on the labels, with a 90 % interval.');

const change = z.strictObject({
  pair: z.int().describe('Index in the file that was read.'),
  id: z.union([z.string(), z.number()]).nullable().describe('What that file calls the pair.'),
  action: z.enum(['dropped', 'relabelled', 'countered']),
  reason: z.string().describe('Why, in words.'),
  difference: z
    .record(z.string(), z.number())
    .describe('Of each repaired property, preferred minus other reply as read, in its own units.'),
  chance: z
    .number()
    .nullable()
    .describe('How surely the label is due to the properties: the chance of being drawn.'),
});

/** What a repair leaves beside its file of pairs. */
export const repairSchema = z.strictObject({
  format: z.literal('feedprint-repair/1'),
  properties: z.array(z.string()).describe('What the pairs shall no longer teach.'),
  by: z.enum(repairMethods),
  seed: z.int(),
  source: z.strictObject({
    file: z.string(),
    sha256: z.string(),
    layout: z.string().describe('As which it was read.'),
  }),
  layout: z.string().describe('As which the new file is written.'),
  counts: z.strictObject({
    read: z.int().describe('Pairs in the source.'),
    ties: z.int().describe('Pairs without a preferred reply, which are left out.'),
    changed: z.int().describe('Pairs that were dropped, relabelled or countered.'),
    written: z.int(),
  }),
  effects: z
    .array(
      z.strictObject({
        name: z.string(),
        role: z
          .enum(['repaired', 'told', 'rewarded', 'other'])
          .describe('rewarded: the labels depend on it; other: moved by more than 0.1 logits.'),
        before: effect,
        after: effect,
      }),
    )
    .describe('What the labels reward before and after, by the same estimate as an audit’s.'),
  changes: z.array(change),
});

export type Repair = z.infer<typeof repairSchema>;
export type RepairChange = Repair['changes'][number];
