import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadModel, steer } from '@feedprint/activations';
import { writeSafetensors } from '@feedprint/core';
import type { LanguageModel } from '@feedprint/core';
import { readSae } from '@feedprint/sae';
import { runCli } from './support/run-cli.ts';
import type { Captured } from './support/run-cli.ts';
import { commandLine, trainArgs } from './support/sae-args.ts';
import type { Flags } from './support/flags.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { writeTinyPair } from './support/tiny-pair.ts';
import type { TinyPair } from './support/tiny-pair.ts';

interface Completion {
  readonly text: string;
  readonly ids: readonly number[];
}

interface Generated {
  readonly model: string;
  readonly newTokens: number;
  readonly seconds: number;
  readonly prompts: readonly {
    readonly prompt: string;
    readonly completions: readonly Completion[];
    readonly unedited?: readonly Completion[];
  }[];
}

const root = temporaryFolder();
const sae = join(root, 'sae');
const PROMPT = ' the film was';
let pair: TinyPair;
let model: LanguageModel;

beforeAll(async () => {
  pair = writeTinyPair(root);
  await runCli(trainArgs(pair, sae));
  model = await loadModel(pair.base, { threads: 1 });
});
afterAll(() => model.dispose());

const generate = (flags: Flags): Promise<Captured> =>
  runCli(
    commandLine('generate', {
      model: pair.base,
      prompt: PROMPT,
      'max-new-tokens': 8,
      threads: 1,
      ...flags,
    }),
  );
const json = async (flags: Flags = {}): Promise<Generated> => {
  const { code, out, err } = await generate({ ...flags, json: true });
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/^[^\n]*\n$/);
  return JSON.parse(out) as Generated;
};
const idsOf = ({ prompts }: Generated): (readonly number[])[] =>
  prompts.flatMap(({ completions }) => completions.map(({ ids }) => ids));

describe('feedprint generate', () => {
  test('gives what the model generates with the same settings', async () => {
    const settings = { temperature: 0.7, topK: 9, topP: 0.9, minP: 0.01, seed: 5 };
    const found = await json({
      temperature: 0.7,
      'top-k': 9,
      'top-p': 0.9,
      'min-p': 0.01,
      seed: 5,
      n: 3,
    });
    const ids = model.tokenizer.encode(PROMPT);
    const expected = await model.generate([ids, ids, ids], { maxNewTokens: 8, ...settings });
    expect(idsOf(found)).toEqual(expected);
    expect(found).toMatchObject({ model: 'base', newTokens: expected.flat().length });
    expect(new Set(expected.map(String)).size).toBeGreaterThan(1);
  });

  test('gives the same for a seed, and other continuations for another', async () => {
    const first = idsOf(await json({ seed: 1, n: 4 }));
    expect(idsOf(await json({ seed: 1, n: 4 }))).toEqual(first);
    expect(idsOf(await json({ seed: 2, n: 4 }))).not.toEqual(first);
  });

  test('prints prompts with their continuations, and the pace aside', async () => {
    const { prompts } = await json({ temperature: 0 });
    const { code, out, err } = await generate({ temperature: 0 });
    expect(code).toBe(0);
    expect(out).toBe(`${PROMPT}${prompts[0]?.completions[0]?.text}\n`);
    expect(err).toMatch(/^\d+ tokens(, \d+ per second)?\n$/);
    const several = await generate({ n: 2 });
    expect(several.out).toMatch(/^\[1\] {2}the film was[^]*\n\n\[2\] {2}the film was/);
  });

  test('takes prompts from a file, after those of the command line', async () => {
    const file = join(root, 'prompts.txt');
    writeFileSync(file, ' a movie\n the plot with\n');
    const { prompts } = await json({ prompts: file, temperature: 0 });
    expect(prompts.map(({ prompt }) => prompt)).toEqual([PROMPT, ' a movie', ' the plot with']);
    for (const { prompt, completions } of prompts) {
      const [expected] = await model.generate([model.tokenizer.encode(prompt)], {
        maxNewTokens: 8,
        temperature: 0,
        seed: 0,
      });
      expect(completions.map(({ ids }) => ids)).toEqual([expected]);
    }
  });

  test('takes several prompts, one flag each', async () => {
    const captured = await runCli([
      ...commandLine('generate', { model: pair.base, prompt: ' a', threads: 1, json: true }),
      ...['--prompt', ' the', '--max-new-tokens', '2'],
    ]);
    const { prompts } = JSON.parse(captured.out) as Generated;
    expect(prompts.map(({ prompt }) => prompt)).toEqual([' a', ' the']);
  });

  test('ends a continuation with the stop string', async () => {
    const whole = (await json({ temperature: 0 })).prompts[0]?.completions[0];
    const stop = whole?.text.slice(3, 6) as string;
    const cut = (await json({ temperature: 0, stop })).prompts[0]?.completions[0];
    expect(whole?.text.startsWith(cut?.text as string)).toBe(true);
    expect(cut?.text).toContain(stop);
    expect(cut?.ids.length).toBeLessThan(whole?.ids.length as number);
    const before = model.tokenizer.decode(cut?.ids.slice(0, -1) as number[]);
    expect(before).not.toContain(stop);
  });

  test('generates with features of an SAE switched off', async () => {
    const loaded = await readSae(sae, { threads: 1 });
    const features = Array.from({ length: loaded.dSae }, (_, f) => f);
    const expected = await model.generate([model.tokenizer.encode(PROMPT)], {
      maxNewTokens: 8,
      temperature: 0,
      seed: 0,
      edits: [loaded.ablate(features)],
    });
    await loaded.dispose();
    const found = await json({ temperature: 0, sae, ablate: features.join(',') });
    expect(idsOf(found)).toEqual(expected);
    expect(idsOf(found)).not.toEqual(idsOf(await json({ temperature: 0 })));
  });

  test.each<[string, Flags, 1 | 2, RegExp]>([
    ['no prompt', { prompt: undefined }, 2, /there is no prompt; add --prompt/],
    ['an empty prompt', { prompt: '' }, 2, /prompt 1 has no token/],
    ['a file of prompts that is not there', { prompts: 'none.txt' }, 1, /none\.txt cannot be read/],
    ['a prompt beyond the context', { prompt: ' film'.repeat(40) }, 1, /prompt 0 has 40 tokens/],
    ['a negative temperature', { temperature: '-1' }, 2, /number of at least 0/],
    ['no probability', { 'top-p': 0 }, 2, /number above 0 and at most 1/],
    ['a share of more than all', { 'min-p': 1.5 }, 2, /at least 0 and at most 1/],
    ['no tokens to draw from', { 'top-k': 0 }, 2, /at least 1/],
    ['an empty stop string', { stop: '' }, 2, /stop string is empty/],
    ['features of no SAE', { ablate: '1' }, 2, /--ablate needs --sae; add --sae/],
    ['an SAE for nothing', { sae: 'x' }, 2, /--sae does nothing by itself/],
    ['an SAE that is none', { sae: root, ablate: '1' }, 1, /no SAE of a known format/],
  ])('refuses %s in one line', async (_, flags, code, says) => {
    const refused = await generate(flags);
    expect([refused.code, refused.out]).toEqual([code, '']);
    expect(refused.err).toMatch(says);
    expect(refused.err).toMatch(/^error: /);
    expect(refused.err).not.toContain('This is a bug');
  });

  test('refuses a feature that the SAE has not', async () => {
    const { code, out, err } = await generate({ sae, ablate: '3,32' });
    expect(out).toBe('');
    expect(code).toBeGreaterThan(0);
    expect(err).toMatch(/^error: .*32/);
  });
});

describe('steering', () => {
  const site = 'blocks.1.hook_resid_post';
  const run = join(root, 'run');
  const file = join(run, 'stages', 'causes-0123456789ab', 'directions.safetensors');
  const direction = Float32Array.from({ length: 16 }, (_, i) => 4 * Math.cos(i));
  beforeAll(() => {
    mkdirSync(dirname(file), { recursive: true });
    writeSafetensors(file, { [`${site}.mean`]: { shape: [1, 16], data: direction } });
  });

  test("adds a run's direction as often as --dose says, beside what the model writes as it is", async () => {
    const ids = model.tokenizer.encode(PROMPT);
    const sampling = { maxNewTokens: 8, temperature: 0, seed: 0 };
    const edits = [steer({ site, direction, dose: -3 })];
    const [edited] = await model.generate([ids], { ...sampling, edits });
    const [plain] = await model.generate([ids], sampling);
    expect(edited).not.toEqual(plain);
    for (const path of [run, file]) {
      const found = await json({ temperature: 0, steer: path, dose: '-3' });
      expect(found.prompts[0]?.completions.map(({ ids: own }) => own)).toEqual([edited]);
      expect(found.prompts[0]?.unedited?.map(({ ids: own }) => own)).toEqual([plain]);
    }
  });

  test('prints both, one below the other', async () => {
    const { out } = await generate({ temperature: 0, steer: run, dose: '-3' });
    const { prompts } = await json({ temperature: 0, steer: run, dose: '-3' });
    const text = (which: 'completions' | 'unedited') => prompts[0]?.[which]?.[0]?.text;
    expect(out).toBe(
      `as it is: ${PROMPT}${text('unedited')}\nedited:   ${PROMPT}${text('completions')}\n`,
    );
  });

  test.each<[string, () => Flags, number, RegExp]>([
    ['a dose of nothing', () => ({ dose: '2' }), 2, /--dose does nothing without --steer/],
    ['a dose that is no number', () => ({ steer: run, dose: 'much' }), 2, /It must be a number/],
    ['a folder without a direction', () => ({ steer: root }), 1, /found no direction that carries/],
    ['a file that is none', () => ({ steer: pair.texts }), 1, /texts\.jsonl/],
  ])('refuses %s', async (_, flags, code, message) => {
    const found = await generate(flags());
    expect(found.code).toBe(code);
    expect(found.err).toMatch(message);
  });

  test('refuses a direction of another width', async () => {
    const narrow = join(root, 'narrow.safetensors');
    writeSafetensors(narrow, { [`${site}.mean`]: { shape: [1, 3], data: new Float32Array(3) } });
    const { code, err } = await generate({ steer: narrow });
    expect([code, err]).toEqual([
      1,
      expect.stringContaining(`the direction has 3 units, and ${site} of the model has 16`),
    ]);
  });
});
