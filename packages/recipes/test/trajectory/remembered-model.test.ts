import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadModel } from '@feedprint/activations';
import type { LanguageModel, RunRequest } from '@feedprint/core';
import { rememberedModel } from '../../src/trajectory/remembered-model.ts';
import { temporaryFolder } from '../temporary-folder.ts';

let base: LanguageModel;
beforeAll(async () => {
  const folder = new URL('../../../../packages/demo-models/base', import.meta.url).pathname;
  base = await loadModel(folder, { threads: 1 });
});
afterAll(() => base.dispose());

const rows = [
  [5, 6, 7, 8],
  [9, 10],
];
const request: RunRequest = {
  capture: ['blocks.0.hook_mlp_out'],
  logits: 'all',
  tokenLogProbs: true,
  logProbsOf: Int32Array.of(3, 4),
};

test('what is kept of a pass and of replies is what the model gives, also after a new start', async () => {
  const folder = await temporaryFolder();
  const sampling = { maxNewTokens: 4, seed: 3 };
  const [result, replies] = [await base.run(rows, request), await base.generate(rows, sampling)];
  for (const model of [rememberedModel(base, folder), rememberedModel(base, folder)]) {
    expect(await model.run(rows, request)).toEqual(result);
    expect(await model.generate(rows, sampling)).toEqual(replies);
    expect([model.fingerprint, model.info]).toEqual([base.fingerprint, base.info]);
    await model.dispose();
  }
  expect(readdirSync(folder)).toHaveLength(2);
});

test('the model is asked once for the same, and again for anything else', async () => {
  const asked: string[] = [];
  const counted: LanguageModel = Object.assign(Object.create(base) as LanguageModel, {
    run: (texts: typeof rows, what: RunRequest) => {
      asked.push(JSON.stringify([texts, what.logits]));
      return base.run(texts, what);
    },
  });
  const model = rememberedModel(counted, await temporaryFolder());
  const edit = { site: 'blocks.0.hook_mlp_out', apply: (x: never) => x };
  await model.run(rows, { logits: 'last' });
  await model.run(rows, { logits: 'last' });
  expect(asked).toHaveLength(1);
  await model.run(
    [
      [5, 6, 7],
      [8, 9, 10],
    ],
    { logits: 'last' },
  );
  await model.run(rows, { logits: 'all' });
  await model.run(rows, { logits: 'last', edits: [edit] });
  await model.run(rows, { logits: 'last', edits: [edit] });
  expect(asked).toHaveLength(5);
});
