import type { ChangeScore } from './change-score.ts';
import { defineStage, defineStages, readJson, writeJson } from '@feedprint/pipeline';
import { changes as chapter } from '@feedprint/report/chapters/changes';
import { z } from 'zod';
import type { AuditContext } from '../context.ts';
import { partKey } from '../parts.ts';
import type { ChangeParts } from './change-parts.ts';
import { DICTIONARY_WIDTH, measureForAudit } from './measure.ts';
import { changesReport } from './report.ts';
import { scoreWords } from './scores.ts';

const changesSchema = z.strictObject({
  report: chapter.shape.changes.unwrap(),
  scores: z
    .array(
      z.strictObject({
        method: z.string(),
        word: z.string(),
        token: z.int(),
        value: z.number(),
        signed: z.boolean(),
        n: z.int(),
      }) satisfies z.ZodType<ChangeScore>,
    )
    .describe('For every method and word of interest.'),
});

/** What tuning changed, without labels, over a sample of the texts, if that is measured. */
export const changes = defineStages(({ settings, parts }: AuditContext) =>
  settings.changeTokens > 0 && parts.changes ? [changesStage(parts.changes)] : [],
);

const changesStage = (measures: ChangeParts) =>
  defineStage({
    name: 'changes',
    needs: {},
    config: ({ identity, settings, words, parts }: AuditContext) => ({
      identity,
      tokens: settings.changeTokens,
      seed: settings.seed,
      measure: partKey(measures),
      dictionaries: partKey(measures.dictionaries),
      widths: DICTIONARY_WIDTH,
      words: words.map(({ id }) => id),
      store: partKey(parts.activations),
    }),
    work: async ({ context, folder, stage }) => {
      const measuring = { ...context, measures };
      const measured = await measureForAudit(measuring, folder, stage);
      const scores = await scoreWords(measuring, measured);
      const report = await changesReport(measuring, measured, scores);
      await writeJson(folder, 'changes.json', { report, scores });
    },
    read: (folder) => readJson(folder, 'changes.json', changesSchema),
  });
