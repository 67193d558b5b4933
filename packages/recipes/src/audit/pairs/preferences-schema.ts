import type { PreferenceAnalysis } from '@feedprint/probe';
import { pairs as chapter } from '@feedprint/report/chapters/pairs';
import { z } from 'zod';

const reported = chapter.shape.preferences;

const pairFindingSchema = z.strictObject({
  margin: z.number(),
  chosenReward: z.number(),
  rejectedReward: z.number(),
  basePreference: z.number(),
  lengthDifference: z.int(),
  inData: z.number(),
  learned: z.number(),
  score: z.number(),
  p: z.number(),
  q: z.number(),
  flagged: z.boolean(),
  words: z.array(z.int()),
});

/** What was found in the pairs, and what is known for evaluating it. */
export const preferencesSchema = z.strictObject({
  accuracies: reported.shape.accuracies,
  scores: z.record(z.string(), z.array(z.number())),
  words: z.array(reported.shape.words.element.omit({ word: true })),
  pairs: z.array(pairFindingSchema),
  explained: z.number().nullable(),
  truth: reported.shape.knownTruth.unwrap(),
}) satisfies z.ZodType<PreferenceAnalysis>;

export type Preferences = z.infer<typeof preferencesSchema>;
