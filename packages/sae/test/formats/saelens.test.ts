import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { openSafetensors } from '@feedprint/core';
import { createFeedprintFormat } from '../../src/formats/saelens.ts';
import type { SaeKind } from '../../src/index.ts';
import { SITE, kinds, normalMatrix, randomSae } from '../support/saes.ts';
import {
  configOf,
  configure,
  format,
  newFolder,
  removeFolders,
  saved,
} from './support/saelens-folders.ts';

afterAll(removeFolders);
const own = createFeedprintFormat({ threads: 1 });

const inSaeLens = Object.entries(kinds).filter(([name]) => name !== 'crosscoder');
const formats = [
  ...inSaeLens.map(([name, kind]) => ['SAELens', name, format, kind] as const),
  ...Object.entries(kinds).map(([name, kind]) => ['Feedprint', name, own, kind] as const),
];

describe.each(formats)('in %s folders, a saved SAE of kind %s', (_, __, made, architecture) => {
  test('comes back with every bit, its site and its kind', async () => {
    const sae = randomSae({ architecture });
    const folder = newFolder();
    await made.save(sae, folder);
    const loaded = await made.load(folder);
    expect(loaded.weights).toEqual(sae.weights);
    expect(loaded).toMatchObject({ architecture, site: SITE, kind: sae.kind, dIn: 6, dSae: 10 });
    const x = normalMatrix(12, 6, 5);
    expect(await loaded.encode(x)).toEqual(await sae.encode(x));
  });

  test('keeps encoder and decoder apart when both are square', async () => {
    const widths = architecture.kind === 'matryoshka' ? { widths: [4, 6] } : {};
    const square = { ...architecture, ...widths };
    const sae = randomSae({ architecture: square, dIn: 6, dSae: 6 });
    const folder = newFolder();
    await made.save(sae, folder);
    expect((await made.load(folder)).weights).toEqual(sae.weights);
    const file = openSafetensors(join(folder, 'sae_weights.safetensors'));
    expect(file.readFloats('W_enc')).toEqual(sae.weights.wEnc.data);
    expect(file.readFloats('W_dec')).toEqual(sae.weights.wDec.data);
    file.close();
  });
});

describe('the files', () => {
  test('say what SAELens asks for', async () => {
    expect(configOf(await saved())).toMatchObject({
      architecture: 'standard',
      d_in: 6,
      d_sae: 10,
      dtype: 'float32',
      apply_b_dec_to_input: true,
      normalize_activations: 'none',
      metadata: { hook_name: SITE },
    });
  });

  test.each([
    ['tied', 'standard', { apply_b_dec_to_input: false }, 'W_dec W_enc b_dec b_enc'],
    ['topk', 'topk', { k: 3, rescale_acts_by_decoder_norm: false }, 'W_dec W_enc b_dec b_enc'],
    ['gated', 'gated', {}, 'W_dec W_enc b_dec b_gate b_mag r_mag'],
    ['jumprelu', 'jumprelu', {}, 'W_dec W_enc b_dec b_enc threshold'],
    [
      'jumprelu, not centred',
      'jumprelu',
      { apply_b_dec_to_input: false },
      'W_dec W_enc b_dec b_enc threshold',
    ],
    ['batchtopk', 'jumprelu', {}, 'W_dec W_enc b_dec b_enc threshold'],
    ['matryoshka', 'jumprelu', {}, 'W_dec W_enc b_dec b_enc threshold'],
  ])(
    'of kind %s are those of architecture %s there',
    async (kind, architecture, more, expected) => {
      const folder = await saved(undefined, kind);
      expect(configOf(folder)).toMatchObject({
        architecture,
        apply_b_dec_to_input: true,
        normalize_activations: 'none',
        ...more,
      });
      const file = openSafetensors(join(folder, 'sae_weights.safetensors'));
      expect([...file.tensors.keys()].sort().join(' ')).toBe(expected);
      file.close();
    },
  );

  test('have no place for a crosscoder in SAELens, and nothing is written', async () => {
    const folder = newFolder();
    const saving = format.save(randomSae({ architecture: kinds['crosscoder'] as SaeKind }), folder);
    await expect(saving).rejects.toMatchObject({ name: 'FeedprintError', code: 'usage' });
    await expect(saving).rejects.toThrow(/createFeedprintFormat/);
    expect(existsSync(folder)).toBe(false);
  });

  test('do not keep the density of an SAE that was there before', async () => {
    const folder = await saved();
    const sae = randomSae({ architecture: { kind: 'relu' } });
    await format.save(sae, folder, new Float32Array(10));
    expect(existsSync(join(folder, 'sparsity.safetensors'))).toBe(true);
    await format.save(sae, folder);
    expect(existsSync(join(folder, 'sparsity.safetensors'))).toBe(false);
    await expect(format.save(sae, folder, new Float32Array(9))).rejects.toMatchObject({
      code: 'shape-mismatch',
    });
  });

  test('hold log10 of the firing frequency when it is known', async () => {
    const folder = newFolder();
    const density = Float32Array.from({ length: 10 }, (_, i) => i / 10);
    await format.save(randomSae({ architecture: { kind: 'relu' } }), folder, density);
    const file = openSafetensors(join(folder, 'sparsity.safetensors'));
    const sparsity = file.readFloats('sparsity');
    file.close();
    expect(sparsity[0]).toBeCloseTo(-10, 5);
    expect(sparsity[5]).toBeCloseTo(Math.log10(0.5), 5);
  });

  test('of others load with keys that are not known here', async () => {
    const loaded = await format.load(
      await saved((f) =>
        configure(f, {
          metadata: { hook_name: 'blocks.1.hook_resid_post', model_name: 'gpt2' },
          dtype: 'float16',
          x: [1],
        }),
      ),
    );
    expect([loaded.site, loaded.kind]).toEqual(['blocks.1.hook_resid_post', 'relu']);
  });
});
