import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { matrix } from '@feedprint/core';
import type { LanguageModel } from '@feedprint/core';
import { loadModel, tokenShift } from '../../src/index.ts';
import type { ShiftedToken } from '../../src/index.ts';
import { demoModel } from '../support/models.ts';
import { golden, loadPair, worst } from './support.ts';
import type { ChangesGolden } from './support.ts';

const [base, tuned] = await loadPair();
const { prompts, newTokens } = golden;

/** Equal ranks of equal tokens, and divergences but for rounding. */
async function compare(
  from: LanguageModel,
  to: LanguageModel,
  expected: Pick<ChangesGolden, 'prompts' | 'newTokens' | 'shift'>,
): Promise<void> {
  const found = await tokenShift(from, to, expected.prompts, { newTokens: expected.newTokens });
  const places = (list: readonly ShiftedToken[]): number[][] =>
    list.map(({ prompt, position, token, rank }) => [prompt, position, token, rank]);
  expect(places(found)).toEqual(places(expected.shift));
  for (const key of ['kl', 'logRatio'] as const) {
    const [a, b] = [found, expected.shift].map((list) => list.map((token) => token[key]));
    expect(worst(a ?? [], b ?? [])).toBeLessThan(2e-5);
  }
}

describe('tokenShift', () => {
  test('ranks what the tuned model adds as transformers does', async () => {
    await compare(base, tuned, golden);
  });

  test('does so on the embedded pair, prompts of other lengths together', async () => {
    const file = new URL('../golden/shift-demo.json', import.meta.url);
    const ofDemo = JSON.parse(readFileSync(file, 'utf8')) as ChangesGolden;
    const models = await Promise.all(
      ['base', 'tuned-planted'].map((name) => loadModel(demoModel(name), { threads: 1 })),
    );
    await compare(models[0] as LanguageModel, models[1] as LanguageModel, ofDemo);
    await Promise.all(models.map((model) => model.dispose()));
  });

  test('of a model and itself is rank 1 and no divergence throughout', async () => {
    const found = await tokenShift(tuned, tuned, prompts, { newTokens });
    expect(found.length).toBe(golden.shift.length);
    expect(found.every(({ rank, kl, logRatio }) => rank === 1 && kl === 0 && logRatio === 0)).toBe(
      true,
    );
  });

  test('counts equal logits for the token', async () => {
    const flat: LanguageModel = {
      ...base,
      run: async (rows) => ({
        activations: new Map(),
        logits: matrix(
          rows.reduce((sum, { length }) => sum + length, 0),
          32,
        ),
      }),
    };
    const found = await tokenShift(flat, tuned, prompts, { newTokens });
    expect(found.every(({ rank }) => rank === 1)).toBe(true);
  });

  test('keeps the order of prompts over several rounds, and leaves prompts without an addition out', async () => {
    const many = Array.from({ length: 70 }, (_, i) => [1 + (i % 31)]);
    many[3] = Array.from({ length: 16 }, () => 5);
    const told: number[] = [];
    const found = await tokenShift(base, tuned, many, {
      newTokens: 2,
      onProgress: (done) => told.push(done),
    });
    expect(told).toEqual([64, 70]);
    const indices = found.map(({ prompt }) => prompt);
    expect(indices).toEqual([...indices].sort((a, b) => a - b));
    expect(new Set(indices).has(3)).toBe(false);
    const alone = await tokenShift(base, tuned, [many[69] as number[]], { newTokens: 2 });
    expect(
      found.filter(({ prompt }) => prompt === 69).map(({ token, rank }) => [token, rank]),
    ).toEqual(alone.map(({ token, rank }) => [token, rank]));
  });

  test('refuses other tokens and stops when told to', async () => {
    const prints = { fingerprint: 'other', textFingerprint: 'other' };
    const stranger = { ...tuned, tokenizer: { ...tuned.tokenizer, ...prints } };
    await expect(tokenShift(base, stranger, prompts, { newTokens })).rejects.toMatchObject({
      code: 'models-mismatched',
    });
    await expect(
      tokenShift(base, tuned, prompts, { newTokens, signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: 'cancelled' });
  });
});
