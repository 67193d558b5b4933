import { defineStage, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import { capture } from '../capture/capture.ts';
import type { AuditContext } from '../context.ts';
import { partKey } from '../parts.ts';
import { judgeWords } from '../words/judge-words.ts';

const textDiscrepancySchema = z.strictObject({
  reward: z.number(),
  stated: z.number(),
  tokens: z.int(),
  expected: z.number(),
  score: z.number(),
  p: z.number(),
  q: z.number(),
  flagged: z.boolean(),
});

const textDiscrepanciesSchema = z
  .strictObject({
    texts: z.array(textDiscrepancySchema),
    constant: z.number(),
    perStated: z.number(),
    perToken: z.number(),
  })
  .nullable()
  .describe('Whole texts compared with what is stated about them; null if there are too few.');

export type WholeTexts = z.infer<typeof textDiscrepanciesSchema>;

/** Sums the log-ratios and the stated feedback of each text and finds the texts in which the two diverge; none where the feedback was not learned. */
export const wholeTexts = defineStage({
  name: 'replies',
  needs: { capture, words: judgeWords },
  config: ({ lexicon, parts }: AuditContext) => ({
    stated: lexicon.map(({ id, stated }) => [id, stated]),
    statistics: partKey(parts.statistics),
    version: 2,
  }),
  work: async ({ context: { parts, rows, lexicon }, needs, folder }) => {
    const stated = new Map(lexicon.map(({ id, stated: value }) => [id, value]));
    const ratios = needs.capture.logRatios();
    // Nothing predicts a text's first token: it is in none of the sums.
    const found = parts.statistics.texts(
      rows.map((row, text) => ({
        reward: ratios[text]?.slice(1).reduce((sum, ratio) => sum + ratio, 0) ?? 0,
        stated: row.slice(1).reduce((sum, id) => sum + (stated.get(id) ?? 0), 0),
        tokens: row.length - 1,
      })),
    );
    // A text can be learned against its feedback only where that was learned.
    const learned = needs.words.verdict.words.verdict === 'learned';
    const judged = found && {
      ...found,
      texts: found.texts.map((text) => ({ ...text, flagged: text.flagged && learned })),
    };
    await writeJson(folder, 'replies.json', judged ?? null);
  },
  read: (folder) => readJson(folder, 'replies.json', textDiscrepanciesSchema),
});
