import { defineStage, defineStages, hashOf, readJson, writeJson } from '@feedprint/pipeline';
import { shift as chapter } from '@feedprint/report/chapters/shift';
import { z } from 'zod';
import { seedOf } from '../random.ts';
import type { AuditContext } from '../context.ts';
import type { Table } from '../finding.ts';
import { partKey } from '../parts.ts';
import type { ShiftParts } from './shift-parts.ts';

const shiftSchema = z.strictObject({
  report: chapter.shape.shift,
  tokens: z
    .array(
      z.strictObject({
        prompt: z.int(),
        position: z.int(),
        token: z.int(),
        rank: z.int(),
        kl: z.number(),
        logRatio: z.number(),
      }),
    )
    .describe('Every token that was added.'),
});

export type TokenShift = z.infer<typeof shiftSchema>;

/** How the base model ranks what the tuned model writes after the beginnings of texts, if that is measured. */
export const shift = defineStages(({ parts }: AuditContext) =>
  parts.shift ? [shiftStage(parts.shift)] : [],
);

/** The prompts are the same as for the ablations. */
const shiftStage = (shiftParts: ShiftParts) =>
  defineStage({
    name: 'shift',
    needs: {},
    config: ({ identity, settings, lexicon }: AuditContext) => {
      const { prompts, promptTokens, newTokens, seed } = settings;
      return {
        ...{ identity, prompts, promptTokens, newTokens, seed },
        lexicon: hashOf(lexicon),
        measure: partKey(shiftParts),
      };
    },
    work: async ({ context, folder, stage }) => {
      const { settings, models, lexicon, rows } = context;
      const beginnings = rows
        .slice(-settings.prompts)
        .map((row) => row.slice(0, Math.min(settings.promptTokens, row.length - 1)));
      const tokens = await shiftParts.measure(models.base, models.tuned, beginnings, {
        newTokens: settings.newTokens,
        onProgress: (done, total) => stage.progress(done, total, 'prompts'),
        signal: stage.signal,
      });
      const report = shiftParts.summarize(tokens, {
        textOf: (token) => models.tuned.tokenizer.tokenText(token),
        stated: new Map(lexicon.map(({ id, stated }) => [id, stated])),
        seed: seedOf(context, 'shift'),
      });
      await writeJson(folder, 'shift.json', { report, tokens });
    },
    read: (folder) => readJson(folder, 'shift.json', shiftSchema),
  });

/** `tables/shift.parquet`: every token that was added, and its rank. */
export function shiftTables(
  { models, lexicon }: Pick<AuditContext, 'models' | 'lexicon'>,
  { tokens }: TokenShift,
): Table[] {
  const stated = new Map(lexicon.map((word) => [word.id, word.stated]));
  return [
    {
      name: 'shift',
      columns: {
        prompt: 'INTEGER',
        position: 'INTEGER',
        token: 'INTEGER',
        text: 'VARCHAR',
        rank: 'INTEGER',
        kl: 'DOUBLE',
        logRatio: 'DOUBLE',
        stated: 'DOUBLE',
      },
      rows: tokens.map((token) => ({
        ...token,
        text: models.tuned.tokenizer.tokenText(token.token),
        stated: stated.get(token.token) ?? null,
      })),
    },
  ];
}
