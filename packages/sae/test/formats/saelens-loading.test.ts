import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { writeSafetensors } from '@feedprint/core';
import type { SparseAutoencoder } from '@feedprint/core';
import { readSae } from '../../src/formats/read-sae.ts';
import { SITE, randomSae } from '../support/saes.ts';
import {
  configOf,
  configure,
  format,
  newFolder,
  removeFolders,
  rewrite,
  saved,
} from './support/saelens-folders.ts';

afterAll(removeFolders);

const HEADS = 'blocks.1.attn.hook_z';

const refusedConfigs: readonly (readonly [string, RegExp, object])[] = [
  ['an unknown architecture', /architecture temporal is not known/, { architecture: 'temporal' }],
  ['no architecture', /names no architecture/, { architecture: undefined }],
  ...['transcoder', 'skip_transcoder', 'jumprelu_transcoder'].map(
    (name) =>
      [`a ${name}`, /predicts one site from another; use an SAE/, { architecture: name }] as const,
  ),
  ...['layer_norm', 'constant_norm_rescale'].map(
    (name) =>
      [
        name,
        new RegExp(`normalize_activations ${name}: the scale depends on the row`),
        { normalize_activations: name },
      ] as const,
  ),
  [
    'covariance_whitening',
    /normalize_activations covariance_whitening/,
    { normalize_activations: 'covariance_whitening' },
  ],
  [
    'a scale that is nowhere',
    /add activation_scaler\.json/,
    { normalize_activations: 'expected_average_only_in' },
  ],
  ['another shape', /reshape_activations hook_q is not known/, { reshape_activations: 'hook_q' }],
  ['one head', /one attention head/, { metadata: { hook_name: SITE, hook_head_index: 3 } }],
  [
    'topk without k, before version 6',
    /activation topk without its k/,
    { metadata: undefined, hook_point: SITE, activation_fn_str: 'topk' },
  ],
  [
    'another activation, before version 6',
    /activation tanh-relu/,
    { metadata: undefined, hook_point: SITE, activation_fn: 'tanh-relu' },
  ],
  [
    'options that do not fit its kind',
    /feedprint_options/,
    {
      architecture: 'crosscoder',
      metadata: { hook_name: SITE, feedprint_options: { k: 'three' } },
    },
  ],
];

describe('loading', () => {
  test.each<readonly [string, string, RegExp, (folder: string) => void]>([
    [
      'no cfg.json',
      'checkpoint-invalid',
      /cfg\.json cannot be read/,
      (f) => rmSync(join(f, 'cfg.json')),
    ],
    [
      'a cfg.json that is not JSON',
      'checkpoint-invalid',
      /cfg\.json/,
      (f) => writeFileSync(join(f, 'cfg.json'), '{'),
    ],
    ...refusedConfigs.map(
      ([what, message, change]) =>
        [what, 'checkpoint-unsupported', message, (f: string) => configure(f, change)] as const,
    ),
    [
      'no site',
      'usage',
      /does not say which site/,
      (f) => configure(f, { metadata: { sae_lens_version: '6.0.0' } }),
    ],
    ['no width', 'checkpoint-unsupported', /d_in/, (f) => configure(f, { d_in: undefined })],
    [
      'more active features than there are',
      'config-invalid',
      /k = 11 is more than the 10/,
      (f) => configure(f, { architecture: 'topk', k: 11 }),
    ],
    [
      'widths that are exchanged',
      'checkpoint-invalid',
      /W_enc has shape \[6, 10\], not \[10, 6\]/,
      (f) => configure(f, { d_in: 10, d_sae: 6 }),
    ],
    [
      'no weights',
      'checkpoint-invalid',
      /cannot be read/,
      (f) => rmSync(join(f, 'sae_weights.safetensors')),
    ],
    [
      'weights cut short',
      'checkpoint-invalid',
      /truncated/,
      (f) => truncateSync(join(f, 'sae_weights.safetensors'), 600),
    ],
    [
      'a missing tensor',
      'checkpoint-invalid',
      /holds no tensor W_enc/,
      (f) => writeSafetensors(join(f, 'sae_weights.safetensors'), {}),
    ],
    [
      'another architecture than its weights',
      'checkpoint-invalid',
      /holds no tensor b_mag/,
      (f) => configure(f, { architecture: 'gated' }),
    ],
    [
      'weights that its architecture does not use',
      'checkpoint-unsupported',
      /holds threshold, which architecture standard does not use/,
      (f) => rewrite(f, { threshold: { shape: [10], data: new Float32Array(10) } }),
    ],
    [
      'factors of features that its configuration does not know',
      'checkpoint-unsupported',
      /scaling_factor is not all ones/,
      (f) => rewrite(f, { scaling_factor: { shape: [10], data: new Float32Array(10).fill(2) } }),
    ],
    [
      'NaN',
      'numbers-invalid',
      /holds NaN/,
      (f) => {
        const nan = (...shape: number[]) => ({
          shape,
          data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(NaN),
        });
        writeSafetensors(join(f, 'sae_weights.safetensors'), {
          W_enc: nan(6, 10),
          b_enc: nan(10),
          W_dec: nan(10, 6),
          b_dec: nan(6),
        });
      },
    ],
  ])('a folder with %s is refused as %s', async (_, code, message, change) => {
    const folder = await saved(change);
    await expect(format.load(folder)).rejects.toMatchObject({ name: 'FeedprintError', code });
    await expect(format.load(folder)).rejects.toThrow(message);
  });

  test('takes a site from the caller where the folder has none or another', async () => {
    const folder = await saved((f) => configure(f, { metadata: { feedprint_kind: 'relu' } }));
    const loaded = await readSae(folder, { site: 'blocks.2.hook_mlp_out', threads: 1 });
    expect(loaded.site).toBe('blocks.2.hook_mlp_out');
    expect((await readSae(await saved(), { site: 'x', threads: 1 })).site).toBe('x');
  });

  test.each([
    ['of version 6', { metadata: { hook_name: HEADS }, reshape_activations: 'hook_z' }],
    [
      'before version 6',
      { metadata: undefined, hook_point: HEADS, reshape_activations: undefined },
    ],
  ])('reads attention heads side by side %s, and says so again when saved', async (_, change) => {
    const loaded = await format.load(await saved((f) => configure(f, change)));
    expect(loaded.site).toBe(HEADS);
    const folder = newFolder();
    await format.save(loaded, folder);
    expect(configOf(folder)).toMatchObject({ reshape_activations: 'hook_z' });
    expect(configOf(await saved())).toMatchObject({ reshape_activations: 'none' });
  });

  test('multiplies features by finetuning factors in the decoder only', async () => {
    const folder = await saved((f) => {
      rewrite(f, { scaling_factor: { shape: [10], data: new Float32Array(10).fill(2) } });
      configure(f, { finetuning_scaling_factor: true });
    });
    const [plain, loaded] = await Promise.all([format.load(await saved()), format.load(folder)]);
    expect(loaded.weights.wEnc).toEqual(plain.weights.wEnc);
    expect(loaded.weights.wDec.data).toEqual(plain.weights.wDec.data.map((v) => v * 2));
  });

  test('reads the thresholds of older checkpoints, which are logarithms', async () => {
    const folder = await saved(undefined, 'jumprelu');
    const { weights } = await format.load(folder);
    const threshold = weights.extra?.['threshold'] as Float32Array;
    const log = { shape: [10], data: threshold.map(Math.log) };
    const path = join(folder, 'sae_weights.safetensors');
    const { wEnc, bEnc, wDec, bDec } = weights;
    writeSafetensors(path, {
      W_enc: { shape: [6, 10], data: wEnc.data },
      b_enc: { shape: [10], data: bEnc },
      W_dec: { shape: [10, 6], data: wDec.data },
      b_dec: { shape: [6], data: bDec },
      log_threshold: log,
    });
    const read = (await format.load(folder)).weights.extra?.['threshold'] as Float32Array;
    read.forEach((value, f) => expect(value).toBeCloseTo(threshold[f] as number, 5));
  });

  test('trusts a stored kind only where the configuration agrees', async () => {
    const folder = await saved((f) => configure(f, { apply_b_dec_to_input: true }), 'tied');
    expect((await format.load(folder)).kind).toBe('relu');
  });

  test('an SAE that does not say how its features are computed cannot be saved, and nothing is written', async () => {
    const foreign: SparseAutoencoder & { architecture?: unknown } = {
      ...randomSae({ architecture: { kind: 'relu' } }),
    };
    delete foreign.architecture;
    const folder = newFolder();
    await expect(format.save(foreign, folder)).rejects.toMatchObject({
      name: 'FeedprintError',
      code: 'usage',
    });
    expect(() => readFileSync(join(folder, 'cfg.json'))).toThrow();
  });
});
