import { matrix } from '@feedprint/core';
import type { LanguageModel, Matrix } from '@feedprint/core';
import { defineStage, defineStages } from '@feedprint/pipeline';
import { batchesOf } from '../capture/batches.ts';
import { addExpectedCounts, placesOf } from '../capture/places.ts';
import type { AuditContext } from '../context.ts';
import { drawTexts } from '../draw-texts.ts';
import { known } from '../known.ts';
import { readMatrices, writeMatrices } from '../matrix-files.ts';

/** How often models expect the scored words, then the unscored tokens, in the texts that placebos are judged on, `[texts, ids]`. */
export interface SiblingCounts {
  readonly base: Matrix;
  readonly tuned: Matrix;
  /** In the audit's order. */
  readonly siblings: readonly Matrix[];
}

const COUNTS = 'counts.safetensors';

/** What other tunings on the same feedback say of the words; no stage where there are none. */
export const siblings = defineStages((context: AuditContext) =>
  context.siblings.length > 0 ? [siblingsStage] : [],
);

const siblingsStage = defineStage({
  name: 'siblings',
  needs: {},
  config: (context: AuditContext) => ({
    identity: context.identity,
    siblings: context.siblings.map(({ fingerprint }) => fingerprint),
    tokens: context.settings.placeboTokens,
    seed: context.settings.seed,
    words: context.words.map(({ id }) => id),
    unscored: context.unscored,
  }),
  work: async ({ context, folder, stage }) => {
    const { models, parts, words, unscored } = context;
    const { rows } = drawTexts(context, 'placebos', context.settings.placeboTokens);
    const ids = Int32Array.from([...words.map(({ id }) => id), ...unscored]);
    const total = rows.length * (2 + context.siblings.length);
    let done = 0;
    const countsOf = async (model: LanguageModel): Promise<Matrix> => {
      const counts = matrix(rows.length, ids.length);
      for (const { start, end } of batchesOf(rows, model.info.vocabularySize)) {
        const batch = rows.slice(start, end);
        addExpectedCounts(
          counts,
          await model.run(batch, { logProbsOf: ids }),
          placesOf(batch, start),
        );
        stage.progress((done += batch.length), total, 'texts');
      }
      return counts;
    };
    const counts: Record<string, Matrix> = {
      base: await countsOf(models.base),
      tuned: await countsOf(models.tuned),
    };
    for (const [i, { name }] of context.siblings.entries()) {
      const model = await parts.loadModel(name, 'sibling');
      try {
        counts[i] = await countsOf(model);
      } finally {
        await model.dispose();
      }
    }
    writeMatrices(folder, COUNTS, counts);
  },
  read: (folder, context): SiblingCounts => {
    const keys = context.siblings.map((_, i) => `${i}`);
    const counts = readMatrices(folder, COUNTS, ['base', 'tuned', ...keys]);
    const of = (key: string): Matrix => known(counts[key], `counts of ${key}`);
    return { base: of('base'), tuned: of('tuned'), siblings: keys.map(of) };
  },
});
