import { expect, test } from '@jest/globals';
import type { LanguageModel } from '@feedprint/core';
import { loadModel } from '../../src/index.ts';
import { golden, goldenNames, writeGoldenCheckpoint } from './golden-checkpoint.ts';

const NEW_TOKENS = 8;

/** The most probable tokens after a prompt, each from a pass over the whole text so far, up to a special one. */
async function continued(model: LanguageModel, prompt: readonly number[]): Promise<number[]> {
  const text = [...prompt];
  while (text.length < prompt.length + NEW_TOKENS) {
    const { logits } = await model.run([text], { logits: 'last' });
    const values = logits?.data ?? new Float32Array();
    const next = values.indexOf(Math.max(...values));
    if (model.tokenizer.specialIds.has(next)) break;
    text.push(next);
  }
  return text.slice(prompt.length);
}

test.each(goldenNames)(
  '%s generates from kept keys and values what whole passes give, past its window',
  async (name) => {
    const recorded = golden(name);
    const model = await loadModel(writeGoldenCheckpoint(recorded), { threads: 1 });
    const prompts = recorded.rows.map(({ ids }) => ids);
    const expected: number[][] = [];
    for (const prompt of prompts) expected.push(await continued(model, prompt));
    const sampling = { maxNewTokens: NEW_TOKENS, temperature: 0, seed: 1 };
    expect(await model.generate(prompts, sampling)).toEqual(expected);
    await model.dispose();
  },
);
