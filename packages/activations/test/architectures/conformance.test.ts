import { afterAll, describe, test } from '@jest/globals';
import type { LanguageModel } from '@feedprint/core';
import { languageModelConformance } from '@feedprint/core/testing';
import { loadModel } from '../../src/index.ts';
import { golden, writeGoldenCheckpoint } from './golden-checkpoint.ts';

// Learned positions and tied embeddings; a parallel block; grouped queries, windows, caps and more norms.
describe.each(['gpt2', 'gptj', 'gemma2'])('%s', (name) => {
  let model: Promise<LanguageModel> | undefined;
  afterAll(async () => (await model)?.dispose());

  for (const check of languageModelConformance(
    () => (model ??= loadModel(writeGoldenCheckpoint(golden(name)), { threads: 1 })),
  )) {
    test(check.name, check.run);
  }
});
