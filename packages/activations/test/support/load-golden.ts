import { afterAll } from '@jest/globals';
import type { LanguageModel } from '@feedprint/core';
import { loadModel } from '../../src/index.ts';
import { golden, writeGoldenCheckpoint } from '../architectures/golden-checkpoint.ts';

const loaded: LanguageModel[] = [];
afterAll(async () => Promise.all(loaded.map((model) => model.dispose())));

/** Loads a golden language model, which can be differentiated; it is disposed of when the test file ends. */
export async function loadGolden(name: string): Promise<Required<LanguageModel>> {
  const model = await loadModel(writeGoldenCheckpoint(golden(name)), { threads: 1 });
  loaded.push(model);
  return model as Required<LanguageModel>;
}
