import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  activationDivergence,
  componentDivergence,
  encodeTexts,
  loadModel,
  parameterDivergence,
} from '@feedprint/activations';
import { writeSafetensors } from '@feedprint/core';
import type { LanguageModel } from '@feedprint/core';
import { readTexts } from '@feedprint/feedback';
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

const divergence = (flags: Flags = {}): Promise<Captured> =>
  runCli(commandLine('divergence', { base: pair.base, tuned: pair.tuned, threads: 1, ...flags }));

describe('feedprint divergence', () => {
  test('gives blocks and components as JSON', async () => {
    const { code, out, err } = await divergence({ json: true });
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toEqual({
      base: 'base',
      tuned: 'tuned',
      layers: parameterDivergence(...models),
      components: componentDivergence(...models),
    });
  });

  test('shows a row for each block with a bar, then what stands outside', async () => {
    const { code, out } = await divergence();
    expect(code).toBe(0);
    expect(out).toMatch(/^From base to tuned/);
    const [first, second] = parameterDivergence(...models).map(
      ({ relativeL2 }) => `${(100 * relativeL2).toFixed(2)} %`,
    );
    expect(out).toMatch(/block +l2 +relative +attention +mlp +norm\n/);
    expect(out).toMatch(new RegExp(`\n +0 +\\S+ +${first} .*[^█]█{8,16}\n`));
    // The second block was moved most.
    expect(out).toMatch(new RegExp(`\n +1 +\\S+ +${second} .*[^█]█{24}\n`));
    expect(out).toMatch(/\nembedding +0 +0\.00 %\n/);
    expect(out).toMatch(/\nunembedding +\d/);
    expect(out).not.toContain('CKA');
  });

  test('compares activations on texts, at the ends of all blocks', async () => {
    const { code, out, err } = await divergence({ texts: pair.texts, 'max-texts': 20, json: true });
    expect(code).toBe(0);
    expect(err).toMatch(
      /^read 20 texts, \d+ tokens, \d+ truncated; layout jsonl, column text\n\[ 1\/1\] activations \d.*\n$/,
    );
    const { texts } = await readTexts(pair.texts);
    const { rows } = encodeTexts(models[0], texts.slice(0, 20), { minTokens: 2 });
    const sites = ['blocks.0.hook_resid_post', 'blocks.1.hook_resid_post'];
    const { activations } = JSON.parse(out) as { activations: unknown };
    expect(activations).toEqual(await activationDivergence(...models, rows, { sites }));
  });

  test('compares the sites asked for, shown as a table', async () => {
    const flags = { texts: pair.texts, 'max-texts': 5, site: 'blocks.*.hook_mlp_out' };
    const { code, out } = await divergence(flags);
    expect(code).toBe(0);
    expect(out).toMatch(/\nActivations at \d+ positions\n/);
    expect(out).toMatch(/site +mean l2 +relative +cosine +CKA\n/);
    expect(out).toMatch(/\nblocks\.0\.hook_mlp_out +\S+ +\S+ % +(0\.9|1\.0)\d+ +(0\.9|1\.0)\d+\n/);
    expect(out).toMatch(/\nblocks\.1\.hook_mlp_out /);
  });

  test('of a model and itself is nothing, without a bar', async () => {
    const { code, out } = await divergence({ tuned: pair.base, texts: pair.texts, 'max-texts': 3 });
    expect(code).toBe(0);
    expect(out).not.toContain('█');
    expect(out).toMatch(/\nblocks\.1\.hook_resid_post +0 +0\.00 % +1\.0000 +1\.0000\n/);
  });

  test('measures an adapter, merged into the tuned model alone', async () => {
    const adapter = join(root, 'adapter');
    mkdirSync(adapter);
    const config = { peft_type: 'LORA', r: 1, lora_alpha: 2, target_modules: ['dense'] };
    writeFileSync(join(adapter, 'adapter_config.json'), JSON.stringify(config));
    const name = 'base_model.model.gpt_neox.layers.1.attention.dense';
    writeSafetensors(join(adapter, 'adapter_model.safetensors'), {
      [`${name}.lora_A.weight`]: { shape: [1, 16], data: new Float32Array(16).fill(0.5) },
      [`${name}.lora_B.weight`]: { shape: [16, 1], data: new Float32Array(16).fill(0.25) },
    });
    const { code, out, err } = await divergence({ tuned: pair.base, adapter, json: true });
    expect([code, err]).toEqual([0, '']);
    const { layers } = JSON.parse(out) as { layers: { l2: number }[] };
    // 256 weights that each grow by 2 * 0.5 * 0.25.
    expect(layers[0]?.l2).toBe(0);
    expect(layers[1]?.l2).toBeCloseTo(16 * 0.25, 5);
  });

  test.each<[string, () => Flags, 1 | 2, RegExp]>([
    [
      'sites without texts',
      () => ({ site: 'blocks.*' }),
      2,
      /--site does nothing without texts.*; add --texts/,
    ],
    [
      'a site that is none',
      () => ({ texts: pair.texts, site: 'blocks.5.hook_mlp_out' }),
      2,
      /no site blocks\.5/,
    ],
    ['texts that are not there', () => ({ texts: 'none.txt' }), 1, /none\.txt cannot be read/],
    [
      'a model of other parameters',
      () => ({
        tuned: writeCheckpoint(`${root}/unbiased`, { config: { attention_bias: false } }),
      }),
      1,
      /base has .*; compare a model with one that was tuned from it/,
    ],
    ['a folder that is no model', () => ({ base: root }), 1, /config\.json/],
    ['no limit', () => ({ 'max-texts': 0 }), 2, /at least 1/],
  ])('refuses %s in one line', async (_, flags, code, says) => {
    const refused = await divergence(flags());
    expect([refused.code, refused.out]).toEqual([code, '']);
    expect(refused.err).toMatch(says);
    expect(refused.err).toMatch(/^error: /);
    expect(refused.err).not.toContain('This is a bug');
  });
});
