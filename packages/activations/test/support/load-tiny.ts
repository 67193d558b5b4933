import { afterAll } from '@jest/globals';
import type { LanguageModel } from '@feedprint/core';
import { loadModel } from '../../src/index.ts';
import { writeTinyCheckpoint } from './tiny-checkpoint.ts';
import type { TinyCheckpointOptions } from './tiny-checkpoint.ts';

const loaded: LanguageModel[] = [];
afterAll(async () => Promise.all(loaded.map((model) => model.dispose())));

/** Loads a tiny checkpoint; it is disposed of when the test file ends. */
export async function loadTiny(options: TinyCheckpointOptions = {}): Promise<LanguageModel> {
  const model = await loadModel(writeTinyCheckpoint(options), { threads: 1 });
  loaded.push(model);
  return model;
}
