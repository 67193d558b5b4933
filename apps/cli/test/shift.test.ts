import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { encodeTexts, loadModel, tokenShift } from '@feedprint/activations';
import type { LanguageModel } from '@feedprint/core';
import { createVaderSignal, scoredTokens, readTexts } from '@feedprint/feedback';
import { summarizeShift } from '@feedprint/probe';
import type { ShiftReport } from '@feedprint/report/chapters/shift';
import { runCli } from './support/run-cli.ts';
import type { Captured } from './support/run-cli.ts';
import { commandLine } from './support/sae-args.ts';
import type { Flags } from './support/flags.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { writeCheckpoint, writeTinyPair } from './support/tiny-pair.ts';
import type { TinyPair } from './support/tiny-pair.ts';

const root = temporaryFolder();
let pair: TinyPair;
let models: readonly [LanguageModel, LanguageModel];

beforeAll(async () => {
  pair = writeTinyPair(root);
  models = [
    await loadModel(pair.base, { threads: 1 }),
    await loadModel(pair.tuned, { threads: 1 }),
  ];
});
afterAll(() => Promise.all(models.map((model) => model.dispose())));

const shift = (flags: Flags = {}): Promise<Captured> =>
  runCli(
    commandLine('shift', {
      base: pair.base,
      tuned: pair.tuned,
      texts: pair.texts,
      'max-texts': 20,
      threads: 1,
      ...flags,
    }),
  );

describe('feedprint shift', () => {
  test('gives the summary of the ranks as JSON', async () => {
    const { code, out, err } = await shift({ 'prompt-tokens': 4, 'max-new-tokens': 6, json: true });
    expect(code).toBe(0);
    expect(err).toMatch(
      /^read 20 prompts, 80 tokens; layout jsonl, column text\n\[ 1\/1\] shift \d.*\n$/,
    );
    const { texts } = await readTexts(pair.texts);
    const { tokenizer } = models[0];
    const { rows } = encodeTexts(models[0], texts.slice(0, 20), { maxTokens: 4 });
    const stated = await scoredTokens(tokenizer, createVaderSignal());
    const expected = summarizeShift(await tokenShift(...models, rows, { newTokens: 6 }), {
      textOf: (token) => tokenizer.tokenText(token),
      stated: new Map(stated.map((word) => [word.id, word.stated])),
      seed: 0,
    });
    expect(JSON.parse(out)).toEqual({ base: 'base', tuned: 'tuned', ...expected });
    expect(expected.all.tokens).toBe(120);
    expect(expected.classes[2]?.tokens).toBeGreaterThan(0);
    // What the base would not have said is what was rewarded.
    expect(expected.classes[2]?.stated).toBeGreaterThan(0);
  });

  test('shows the classes, positions and tokens as tables', async () => {
    const { code, out } = await shift();
    expect(code).toBe(0);
    expect(out).toMatch(/^480 tokens that tuned added to 20 prompts, ranked by base\n/);
    expect(out).toMatch(/\nunshifted +1 +\d+ +\S+ % +\S+ % to \S+ %/);
    expect(out).toMatch(/\nshifted +above 3 +\d+/);
    expect(out).toMatch(/\nKL\(tuned \|\| base\) where they were added: 0\.\d+ nats/);
    // 32 asked for, 24 left in the context.
    expect(out).toMatch(/\n22 to 24 +60 /);
    expect(out).toMatch(/\n" \w+" +\d+ of \d+ +\d+\.\d/);
  });

  test('of a model and itself is unshifted throughout', async () => {
    const { code, out } = await shift({ tuned: pair.base, json: true });
    expect(code).toBe(0);
    const { classes, kl, shiftedTokens } = JSON.parse(out) as ShiftReport;
    expect(classes.map(({ share }) => share)).toEqual([1, 0, 0]);
    expect(kl).toEqual({ value: 0, interval: { low: 0, high: 0 } });
    expect(shiftedTokens).toEqual([]);
    expect((await shift({ tuned: pair.base })).out).not.toContain('shifted most');
  });

  test('gives equal bytes for equal flags, and other intervals for another seed', async () => {
    const [a, b, c] = await Promise.all([
      shift({ json: true }),
      shift({ json: true }),
      shift({ json: true, seed: 1 }),
    ]);
    expect(a.out).toBe(b.out);
    expect(a.out).not.toBe(c.out);
  });

  test.each<[string, () => Flags, 1 | 2, RegExp]>([
    ['no texts', () => ({ texts: undefined }), 2, /--texts/],
    ['texts that are not there', () => ({ texts: 'none.txt' }), 1, /none\.txt cannot be read/],
    ['prompts as long as the context', () => ({ 'prompt-tokens': 32 }), 2, /leave no room/],
    ['no new token', () => ({ 'max-new-tokens': 0 }), 2, /at least 1/],
    ['another feedback', () => ({ feedback: 'mine' }), 2, /one of vader/],
    ['no tuned model', () => ({ tuned: undefined }), 2, /there is no tuned model/],
    [
      'a model of other tokens',
      () => ({
        tuned: writeCheckpoint(`${root}/other`, {
          tokenizer: (tokenizer) => ({ ...tokenizer, normalizer: { type: 'Lowercase' } }),
        }),
      }),
      1,
      /different tokens/,
    ],
  ])('refuses %s in one line', async (_, flags, code, says) => {
    const refused = await shift(flags());
    expect([refused.code, refused.out]).toEqual([code, '']);
    expect(refused.err).toMatch(says);
    expect(refused.err).not.toContain('This is a bug');
  });
});
