import { z } from 'zod';

export const sheetSchema = z.strictObject({
  format: z.literal('feedprint-sheet/1'),
  questions: z.array(
    z.strictObject({
      question: z.int().describe('From 1.'),
      texts: z
        .array(z.string())
        .describe('With marks on the tokens on which the feature is active.'),
      choices: z.array(z.strictObject({ letter: z.string(), text: z.string() })),
    }),
  ),
});

/** What people are asked: which of several explanations fits the marked tokens? */
export type Sheet = z.infer<typeof sheetSchema>;

export const sheetKeySchema = z.strictObject({
  format: z.literal('feedprint-sheet-key/1'),
  labeler: z.string(),
  seed: z.int(),
  questions: z.array(
    z.strictObject({
      question: z.int(),
      feature: z.string(),
      right: z.string().describe("The letter of the feature's own explanation."),
      none: z.string().describe('The letter that says that none fits.'),
    }),
  ),
});

/** What nobody who answers may see. */
export type SheetKey = z.infer<typeof sheetKeySchema>;
