import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { writeSafetensors } from '@feedprint/core';
import type { TensorToWrite } from '@feedprint/core';
import { readSae } from '../../src/formats/read-sae.ts';
import { normalMatrix } from '../support/saes.ts';
import { createWorkspace } from './support/golden.ts';

const workspace = createWorkspace();
afterAll(() => workspace.remove());

const dIn = 4;
const dSae = 7;
const tensor = (shape: readonly number[], seed: number): TensorToWrite => {
  const { data } = normalMatrix(
    1,
    shape.reduce((a, b) => a * b, 1),
    seed,
    0.6,
  );
  return { shape: [...shape], data };
};
const tensors = {
  w_enc: tensor([dIn, dSae], 1),
  b_enc: tensor([dSae], 2),
  threshold: { shape: [dSae], data: tensor([dSae], 3).data.map(Math.abs) },
  w_dec: tensor([dSae, dIn], 4),
  b_dec: tensor([dIn], 5),
} satisfies Readonly<Record<string, TensorToWrite>>;

/** Keys as those of Gemma Scope 2. */
const hook = 'model.layers.12.output';
const config = {
  architecture: 'jump_relu',
  width: dSae,
  model_name: 'gemma-v3-1b-pt',
  hf_hook_point_in: hook,
  hf_hook_point_out: hook,
  l0: 60,
};

/** A folder of Gemma Scope 2; without a configuration where `json` is undefined. */
function folderOf(
  json: object | undefined,
  {
    name = 'sae',
    weights = tensors,
  }: { name?: string; weights?: Record<string, TensorToWrite> } = {},
): string {
  const folder = workspace.path(name);
  mkdirSync(folder, { recursive: true });
  writeSafetensors(join(folder, 'params.safetensors'), weights);
  if (json) writeFileSync(join(folder, 'config.json'), JSON.stringify(json));
  return folder;
}

/** JumpReLU without centring, spelled out: one row's features and reconstruction. */
function byHand(x: Float32Array): { features: number[]; reconstruction: number[] } {
  const { w_enc, b_enc, threshold, w_dec, b_dec } = tensors;
  const at = (values: ArrayLike<number>, i: number): number => values[i] as number;
  const features = Array.from({ length: dSae }, (_, f) => {
    let pre = at(b_enc.data, f);
    for (let i = 0; i < dIn; i++) pre += at(x, i) * at(w_enc.data, i * dSae + f);
    return pre > at(threshold.data, f) ? pre : 0;
  });
  const reconstruction = Array.from({ length: dIn }, (_, i) =>
    features.reduce((sum, z, f) => sum + z * at(w_dec.data, f * dIn + i), at(b_dec.data, i)),
  );
  return { features, reconstruction };
}

describe('an SAE of Gemma Scope 2', () => {
  test('has the features and reconstructions of its formula', async () => {
    const sae = await readSae(folderOf(config), { threads: 1 });
    const x = normalMatrix(20, dIn, 9);
    const z = await sae.encode(x);
    const y = await sae.decode(z);
    expect(sae).toMatchObject({ kind: 'jumprelu', site: 'blocks.12.hook_resid_post', dIn, dSae });
    for (let r = 0; r < x.rows; r++) {
      const { features, reconstruction } = byHand(x.data.subarray(r * dIn, (r + 1) * dIn));
      features.forEach((v, f) => expect(z.data[r * dSae + f]).toBeCloseTo(v, 5));
      reconstruction.forEach((v, i) => expect(y.data[r * dIn + i]).toBeCloseTo(v, 5));
    }
    expect(z.data.some((v) => v > 0)).toBe(true);
    await sae.dispose();
  });

  test.each([
    ['model.layers.3.output', 'blocks.3.hook_resid_post'],
    ['model.language_model.layers.3.output', 'blocks.3.hook_resid_post'],
    ['model.layers.3.post_feedforward_layernorm.output', 'blocks.3.hook_mlp_out'],
    ['model.layers.3.self_attn.o_proj.input', 'blocks.3.attn.hook_z'],
  ])('that reads %s is one of %s', async (name, site) => {
    const folder = folderOf({ ...config, hf_hook_point_in: name, hf_hook_point_out: name });
    expect((await readSae(folder)).site).toBe(site);
  });

  test.each([
    ['gemma-scope-2-1b-pt/resid_post/layer_12_width_16k_l0_medium', 'blocks.12.hook_resid_post'],
    ['gemma-scope-2-1b-it/mlp_out_all/layer_7_width_16k_l0_small', 'blocks.7.hook_mlp_out'],
    [
      'models--google--gemma-scope-2-270m-pt/snapshots/0a1/attn_out/layer_5_width_16k_l0_big',
      'blocks.5.attn.hook_z',
    ],
    ['gemma-scope-2b-pt-att/layer_5/width_16k/average_l0_3', 'blocks.5.attn.hook_z'],
  ])('without a configuration takes its site from the path %s', async (name, site) => {
    expect((await readSae(folderOf(undefined, { name }))).site).toBe(site);
  });

  test('is told by its configuration where its tensors are in upper case', async () => {
    const { w_enc: W_enc, w_dec: W_dec, ...rest } = tensors;
    const folder = folderOf(config, { weights: { W_enc, W_dec, ...rest } });
    expect((await readSae(folder)).kind).toBe('jumprelu');
  });

  test('may lie beside the examples of its features', async () => {
    const folder = folderOf(config);
    writeFileSync(join(folder, 'examples.safetensors'), '');
    expect((await readSae(folder)).kind).toBe('jumprelu');
  });
});

test('a folder whose name has "transcoder" in it may hold an SAE', async () => {
  const name = 'my transcoders/layer_12';
  expect((await readSae(folderOf(config, { name }))).kind).toBe('jumprelu');
});

describe('files of Gemma Scope 2 are refused', () => {
  test.each<[string, RegExp, object | undefined, string?]>([
    ['transcoders', /predicts one site/, { ...config, hf_hook_point_out: 'model.layers.12.x' }],
    [
      'affine transcoders',
      /affine_connection: it predicts/,
      { ...config, affine_connection: true },
    ],
    ['crosscoders', /type crosscoder/, { ...config, type: 'crosscoder' }],
    ['other architectures', /architecture topk is not known/, { ...config, architecture: 'topk' }],
    ['transcoders by their folder', /transcoder predicts/, undefined, 'transcoder_all/layer_3_w'],
    ['cross-layer transcoders', /transcoder predicts/, undefined, 'clt/layer_3_width_16k_l0_big'],
  ])('as %s', async (_, message, json, name = 'sae') => {
    const loading = readSae(folderOf(json, { name }), { site: 'blocks.1.hook_mlp_out' });
    await expect(loading).rejects.toMatchObject({ code: 'checkpoint-unsupported' });
    await expect(loading).rejects.toThrow(message);
  });

  test('where no site is known, with the hook point that they name', async () => {
    const name = 'model.layers.3.mlp.up_proj.output';
    const folder = folderOf({ ...config, hf_hook_point_in: name, hf_hook_point_out: name });
    await expect(readSae(folder)).rejects.toMatchObject({ code: 'usage' });
    await expect(readSae(folder)).rejects.toThrow(
      /does not say which site its SAE reads \(model\.layers\.3\.mlp\.up_proj\.output is not/,
    );
  });
});
