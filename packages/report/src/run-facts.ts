import { z } from 'zod';

/** What every report says about its run, whatever its chapters. */
export const runFactsShape = {
  schema: z.literal('feedprint-report/1'),
  feedprint: z.string().describe('Version that wrote it.'),
  name: z.string(),
  createdAt: z.iso.datetime(),
  seconds: z.number().describe('Wall-clock time of all stages, summed over all starts.'),
  command: z.string().optional().describe('The command that made it, if there was one.'),
  models: z.strictObject({
    base: z.string(),
    tuned: z.string(),
    architecture: z.string(),
    layers: z.int(),
    width: z.int(),
    parameters: z.int(),
    baseFingerprint: z.string(),
    tunedFingerprint: z.string(),
  }),
  feedback: z
    .strictObject({ name: z.string(), range: z.tuple([z.number(), z.number()]) })
    .optional()
    .describe('What is stated of single words; absent where nothing is.'),
  rewarded: z
    .string()
    .optional()
    .describe('The signal that scored whole replies; absent where none did.'),
  texts: z.strictObject({
    file: z.string(),
    count: z.int(),
    tokens: z.int(),
    truncated: z.int().describe("Texts longer than the model's context, cut off there."),
    scoredTokens: z.int().describe('Tokens that the feedback scores.'),
    unscoredWords: z
      .int()
      .describe('Words of the lexicon that the tokenizer splits; they are not scored.'),
  }),
  pending: z
    .array(z.string())
    .optional()
    .describe(
      'Sections that are still to come: the report was written before its run was done. Absent from a whole report.',
    ),
  settings: z
    .record(z.string(), z.unknown())
    .describe('The whole configuration, defaults filled in.'),
};

/** What the chapters have to say, combined. */
export const summaryShape = {
  answer: z
    .strictObject({
      sentence: z.string().describe('What was found out, in at most 25 words.'),
      restsOn: z.array(z.string()).describe('What that rests on, most important first.'),
      notVisible: z.array(z.string()).describe('What could not have been seen.'),
      next: z
        .array(z.strictObject({ what: z.string(), command: z.string() }))
        .describe('What to do next; never empty.'),
    })
    .describe('The first screen.'),
  summary: z.array(z.string()).describe('The findings in sentences, most important first.'),
};

export type RunFacts = z.output<z.ZodObject<typeof runFactsShape>>;
export type Summary = z.output<z.ZodObject<typeof summaryShape>>;
export type Answer = Summary['answer'];
