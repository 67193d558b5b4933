import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadModel } from '@feedprint/activations';
import type { LanguageModel } from '@feedprint/core';
import { benchGenerate, madeUpPrompts } from '../src/bench/bench-generate.ts';
import { runCli } from './support/run-cli.ts';
import type { Captured } from './support/run-cli.ts';
import { commandLine } from './support/sae-args.ts';
import type { Flags } from './support/flags.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { writeCheckpoint } from './support/tiny-pair.ts';

const folder = writeCheckpoint(`${temporaryFolder()}/model`);
let model: LanguageModel;

beforeAll(async () => {
  model = await loadModel(folder, { threads: 1 });
});
afterAll(() => model.dispose());

const small = { 'prompt-count': 5, 'prompt-tokens': 4, 'max-new-tokens': 3, batch: 2, repeat: 2 };
const bench = (changes: Flags = {}): Promise<Captured> =>
  runCli(commandLine('bench generate', { model: folder, threads: 1, ...small, ...changes }));

describe('feedprint bench generate', () => {
  test('prints one line of JSON', async () => {
    const { code, out } = await bench({ json: true });
    expect(code).toBe(0);
    expect(out).toMatch(/^[^\n]*\n$/);
    const { tokens, seconds, tokensPerSecond, ...settings } = JSON.parse(out) as Record<
      string,
      number
    >;
    expect(settings).toEqual({
      model: 'model',
      prompts: 5,
      promptLength: 4,
      newTokens: 3,
      batch: 2,
      temperature: 0,
      repeat: 2,
      threads: 1,
    });
    expect(tokens).toBeGreaterThan(0);
    expect(tokens).toBeLessThanOrEqual(15);
    expect(tokensPerSecond).toBeCloseTo((tokens as number) / (seconds as number), 6);
  });

  test('prints the same for people', async () => {
    const { code, out } = await bench();
    expect(code).toBe(0);
    expect(out).toMatch(/^model, 5 prompts of 4 tokens and 3 new, 2 at a time, 1 thread\n/);
    expect(out).toMatch(/\nmedian +\d\.\d{3} s\ntokens per second +\d+\n$/);
  });

  test('times all batches after one that is not timed, by the clock that it is given', async () => {
    const sizes: number[] = [];
    const watched: LanguageModel = {
      ...model,
      generate: (prompts, { maxNewTokens }) => {
        sizes.push(prompts.length);
        return Promise.resolve(prompts.map(() => new Array<number>(maxNewTokens).fill(1)));
      },
    };
    const ticks = [0, 4000, 10_000, 11_000, 20_000, 22_000];
    const result = await benchGenerate(
      watched,
      {
        prompts: 5,
        promptLength: 4,
        newTokens: 6,
        batch: 2,
        temperature: 0,
        repeat: 3,
        threads: 1,
      },
      () => ticks.shift() as number,
    );
    expect(sizes).toEqual([2, 2, 2, 1, 2, 2, 1, 2, 2, 1]);
    expect(result).toMatchObject({ tokens: 30, seconds: 2, tokensPerSecond: 15 });
  });

  test('makes up the prompts of its rule, of ids that are not special', () => {
    const [first, second] = madeUpPrompts(model, { prompts: 2, promptLength: 3 });
    // Special is 0 alone here, so that the ids are 1, 2, 3, ...
    const count = model.tokenizer.vocabularySize - 1;
    expect([...(first as Int32Array)]).toEqual(
      [0, 104_729, 2 * 104_729].map((at) => 1 + (at % count)),
    );
    expect(second?.[0]).toBe(1 + (7919 % count));
  });

  test.each<[string, Flags, RegExp]>([
    [
      'more tokens than the context',
      { 'max-new-tokens': 29 },
      /4 tokens and 29 new ones exceed the context of 32/,
    ],
    ['no prompts', { 'prompt-count': 0 }, /at least 1/],
    ['no model', { model: undefined }, /--model/],
  ])('refuses %s', async (_, flags, says) => {
    const { code, out, err } = await bench(flags);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(says);
  });
});
