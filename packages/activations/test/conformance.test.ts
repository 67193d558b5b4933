import { afterAll, describe, test } from '@jest/globals';
import type { LanguageModel } from '@feedprint/core';
import { languageModelConformance } from '@feedprint/core/testing';
import { loadModel } from '../src/index.ts';
import { demoModel } from './support/models.ts';
import { writeTinyCheckpoint } from './support/tiny-checkpoint.ts';

const checkpoints = {
  'the embedded base model': () => demoModel('base'),
  'a tiny model with tied embeddings and sequential residual': () =>
    writeTinyCheckpoint({ config: { tie_word_embeddings: true, use_parallel_residual: false } }),
};

describe.each(Object.entries(checkpoints))('%s', (_, folder) => {
  let model: Promise<LanguageModel> | undefined;
  afterAll(async () => (await model)?.dispose());

  for (const check of languageModelConformance(
    () => (model ??= loadModel(folder(), { threads: 1 })),
  )) {
    test(check.name, check.run);
  }
});
