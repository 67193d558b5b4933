import type { ChangeScore } from './change-score.ts';
import { defineStage, defineStages, readJson, writeJson } from '@feedprint/pipeline';
import { changes as chapter } from '@feedprint/report/chapters/changes';
import type { Matrix } from '@feedprint/core';
import { z } from 'zod';
import type { AuditContext } from '../context.ts';
import { readMatrices, writeMatrices } from '../matrix-files.ts';
import { partKey } from '../parts.ts';
import type { ChangeParts } from './change-parts.ts';
import { DICTIONARY_WIDTH, measureForAudit } from './measure.ts';
import { changesReport } from './report.ts';
import { scoreWords } from './scores.ts';

const changesSchema = z.strictObject({
  report: chapter.shape.changes,
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

export type MeasuredReport = z.infer<typeof changesSchema> & {
  /** By how much each feature of a dictionary changes the activations, `[features, width]`, by the dictionary's name. */
  vectors(): Readonly<Record<string, Matrix>>;
};

const FILE = 'dictionaries.safetensors';

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
      // Files beside changes.json.
      files: 1,
    }),
    work: async ({ context, folder, stage }) => {
      const measuring = { ...context, measures };
      const measured = await measureForAudit(measuring, folder, stage);
      const scores = await scoreWords(measuring, measured);
      const report = await changesReport(measuring, measured, scores);
      writeMatrices(
        folder,
        FILE,
        Object.fromEntries(measured.dictionaries.map(({ name, vectors }) => [name, vectors])),
      );
      await writeJson(folder, 'changes.json', { report, scores });
    },
    read: async (folder): Promise<MeasuredReport> => {
      const found = await readJson(folder, 'changes.json', changesSchema);
      const names = found.report.dictionaries.map(({ name }) => name);
      return { ...found, vectors: () => readMatrices(folder, FILE, names) };
    },
  });
