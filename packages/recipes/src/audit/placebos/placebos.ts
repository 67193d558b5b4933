import { matrix } from '@feedprint/core';
import { defineStage, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import { readMatrices, writeMatrices } from '../matrix-files.ts';
import { partKey } from '../parts.ts';
import { randomOf } from '../random.ts';
import type { PlaceboCounts } from './placebo-parts.ts';
import { drawTexts } from '../draw-texts.ts';

const madeSchema = z.array(z.strictObject({ name: z.string(), description: z.string() }));

const COUNTS = 'counts.safetensors';

/** How often models that never saw the feedback expect the scored words, then the unscored tokens, in some of the texts. */
export const placebos = defineStage({
  name: 'placebos',
  needs: {},
  config: (context: AuditContext) => ({
    identity: context.identity,
    placebos: context.parts.placebos ? partKey(context.parts.placebos) : null,
    tokens: context.settings.placeboTokens,
    seed: context.settings.seed,
    words: context.words.map(({ id }) => id),
    unscored: context.unscored,
  }),
  work: async ({ context, folder, stage }) => {
    const { parts, models, words, unscored } = context;
    const { rows } = drawTexts(context, 'placebos', context.settings.placeboTokens);
    const measured =
      rows.length === 0
        ? undefined
        : await parts.placebos?.measure({
            ...models,
            rows,
            ids: [...words.map(({ id }) => id), ...unscored],
            random: randomOf(context, 'placebos'),
            progress: (done, total) => stage.progress(done, total, 'texts'),
          });
    const { base, models: made } = measured ?? { base: matrix(0, 0), models: [] };
    writeMatrices(
      folder,
      COUNTS,
      Object.fromEntries([['base', base], ...made.map(({ counts }, i) => [`${i}`, counts])]),
    );
    await writeJson(
      folder,
      'placebos.json',
      made.map(({ name, description }) => ({ name, description })),
    );
  },
  read: async (folder): Promise<PlaceboCounts> => {
    const made = await readJson(folder, 'placebos.json', madeSchema);
    const counts = readMatrices(folder, COUNTS, ['base', ...made.map((_, i) => `${i}`)]);
    return {
      base: known(counts['base'], 'counts of the base'),
      models: made.map((one, i) => ({ ...one, counts: known(counts[`${i}`], one.name) })),
    };
  },
});
