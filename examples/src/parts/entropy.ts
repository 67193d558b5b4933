import type { LanguageModel } from '@feedprint/core';
import { defineStage, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';

export interface Models {
  /** What decides the artifact: another pair of folders is measured anew. */
  readonly folders: readonly string[];
  readonly models: readonly LanguageModel[];
}

export const shape = {
  entropy: z.array(z.number()).describe('Of the next token, nats, by model.'),
};

/** How uncertain each model is of what follows "The film was". */
export const entropy = defineStage({
  name: 'entropy',
  needs: {},
  config: ({ folders }: Models) => ({ folders }),
  work: async ({ context, folder }) => {
    const nats = context.models.map(async (model) => {
      const ids = model.tokenizer.encode('The film was');
      const tokens = Int32Array.from({ length: model.info.vocabularySize }, (_, i) => i);
      const { logProbsOf } = await model.run([ids], { logProbsOf: tokens });
      const last = Array.from(logProbsOf?.data.slice(-tokens.length) ?? []);
      return last.reduce((sum: number, log) => sum - Math.exp(log) * log, 0);
    });
    await writeJson(folder, 'entropy.json', await Promise.all(nats));
  },
  read: (folder) => readJson(folder, 'entropy.json', shape.entropy),
});
