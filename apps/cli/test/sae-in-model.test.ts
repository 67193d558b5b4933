import { fileURLToPath } from 'node:url';
import { describe, test } from '@jest/globals';
import { createMemoryStore, loadModel } from '@feedprint/activations';
import type { LanguageModel, Matrix } from '@feedprint/core';
import { sparseAutoencoderConformance } from '@feedprint/core/testing';
import { createOnnxTrainer } from '@feedprint/sae';
import type { OnnxTrainerOptions } from '@feedprint/sae';

const SITE = 'blocks.2.hook_mlp_out';
const folder = fileURLToPath(new URL('../../../packages/demo-models/base', import.meta.url));

const load = (): Promise<LanguageModel> => loadModel(folder, { threads: 1 });

/** An SAE trained for a moment on the embedded model's own activations. */
async function trainedSae(options: OnnxTrainerOptions) {
  const model = await load();
  const tokens = Array.from({ length: 100 }, (_, i) => 1 + ((i * 37) % 2000));
  const { activations } = await model.run([tokens], { capture: [SITE] });
  await model.dispose();
  const none = new Int32Array(tokens.length);
  const rows = new Map([[SITE, activations.get(SITE) as Matrix]]);
  const store = createMemoryStore({ text: none, position: none, token: none, activations: rows });
  return createOnnxTrainer({ ...options, tokens: 2000, batchRows: 100, threads: 1 }).train(store, {
    site: SITE,
    dSae: 64,
    seed: 3,
  });
}

const kinds: readonly OnnxTrainerOptions[] = [
  { kind: 'topk', k: 8 },
  { kind: 'tied', l1: 0.01 },
];

describe.each(kinds)('an SAE of kind $kind inside a model', (options) => {
  for (const check of sparseAutoencoderConformance(() => trainedSae(options), load)) {
    test(check.name, check.run);
  }
});
