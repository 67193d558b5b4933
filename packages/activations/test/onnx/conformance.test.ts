import { afterAll, describe, test } from '@jest/globals';
import type { LanguageModel } from '@feedprint/core';
import { languageModelConformance } from '@feedprint/core/testing';
import { loadOnnxModel } from '../../src/onnx/load-onnx-model.ts';
import { fixtures, unpack } from './fixtures.ts';

// The suite is for next-token logits, and closer than halves are.
const suited = fixtures.filter((name) => !/(f16|reward)$/.test(name));

describe.each(suited)('%s', (name) => {
  let model: Promise<LanguageModel> | undefined;
  afterAll(async () => (await model)?.dispose());

  for (const check of languageModelConformance(
    () => (model ??= loadOnnxModel(unpack(name), { threads: 1 })),
  )) {
    test(check.name, check.run);
  }
});
