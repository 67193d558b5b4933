import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from '@jest/globals';
import { matrix } from '@feedprint/core';
import { readSae } from '../../src/formats/read-sae.ts';
import { createFeedprintFormat } from '../../src/formats/saelens.ts';
import { randomSae } from '../support/saes.ts';
import { createWorkspace, golden, goldenCase, unpacked } from './support/golden.ts';

const workspace = createWorkspace();
afterAll(() => workspace.remove());

type Change = Readonly<Record<string, unknown>>;
const asObject = (value: unknown): Change => value as Change;

/** A golden folder with other keys in one of its JSON files. */
function changed(name: string, file: string, change: (config: Change) => Change): string {
  const found = goldenCase(name);
  return workspace.write({
    ...found,
    files: { ...found.files, [file]: change(asObject(found.files[file])) },
  });
}

const sparsify = (change: Change): string =>
  changed('sparsify/layers.1.mlp', 'cfg.json', (cfg) => ({ ...cfg, ...change }));
const dictionary = (name: string, trainer: Change, more: Change = {}): string =>
  changed(`dictionary_learning ${name}`, 'config.json', (config) => ({
    ...config,
    trainer: { ...asObject(config['trainer']), ...trainer },
    ...more,
  }));

const packed = (bytes: Uint8Array): string => gzipSync(bytes).toString('base64');
const renamed = (file: string, from: string, to: string): string =>
  packed(Buffer.from(unpacked(file).toString('latin1').replace(from, to), 'latin1'));

describe('an SAE', () => {
  test('is found by the path of its folder, its weights or its configuration', async () => {
    const folder = workspace.write(goldenCase('saelens standard'));
    for (const path of [
      folder,
      join(folder, 'sae_weights.safetensors'),
      join(folder, 'cfg.json'),
    ]) {
      expect((await readSae(path)).kind).toBe('relu');
    }
    const npz = workspace.write(goldenCase('gemma-scope-2b-pt-mlp/layer_1/width_10/average_l0_3'));
    expect((await readSae(join(npz, 'params.npz'))).site).toBe(golden.site);
  });

  test('is told by what its files hold, not by what they are called', async () => {
    const { files, ...rest } = goldenCase('dictionary_learning AutoEncoder');
    const { 'ae.safetensors': weights, ...others } = files;
    const folder = workspace.write({ ...rest, files: { ...others, 'other.safetensors': weights } });
    expect((await readSae(folder)).site).toBe(golden.site);
    const npz = goldenCase('gemma lower case, f2, compressed').files['params.npz'];
    const bare = workspace.path('weights');
    mkdirSync(join(bare, '..'), { recursive: true });
    writeFileSync(bare, unpacked(npz as string));
    expect((await readSae(bare, { site: golden.site })).kind).toBe('jumprelu');
  });

  test('may be a crosscoder that was saved here', async () => {
    const architecture = { kind: 'crosscoder', k: 3, models: 2 } as const;
    const folder = workspace.path('crosscoder');
    await createFeedprintFormat().save(randomSae({ architecture }), folder);
    expect((await readSae(folder)).architecture).toEqual(architecture);
  });

  test('takes its site from the caller first', async () => {
    const folder = workspace.write(goldenCase('sparsify/layers.1.mlp'));
    expect((await readSae(folder, { site: 'blocks.2.hook_mlp_out' })).site).toBe(
      'blocks.2.hook_mlp_out',
    );
  });
});

describe('the site of a dictionary_learning SAE', () => {
  test.each([
    ['resid_post_layer_1', 'blocks.1.hook_resid_post'],
    ['attn_out_layer_1', 'blocks.1.hook_attn_out'],
    ['gpt_neox.layers.1', 'blocks.1.hook_resid_post'],
    ['model.layers.1.self_attn', 'blocks.1.hook_attn_out'],
    ['transformer.h.1.mlp', 'blocks.1.hook_mlp_out'],
    ['blocks.1.hook_mlp_out', 'blocks.1.hook_mlp_out'],
  ])('of submodule %s is %s', async (submodule_name, site) => {
    expect((await readSae(dictionary('AutoEncoder', { submodule_name }))).site).toBe(site);
  });

  test.each([
    ['the submodule has no name', { submodule_name: null }, {}],
    ['the submodule is unknown', { submodule_name: 'encoder.layers.1.mlp' }, {}],
    ['the layer is another', { layer: 2 }, {}],
    ['it reads inputs', {}, { buffer: { io: 'in' } }],
  ])('is asked for, not guessed, where %s', async (_, trainer, more) => {
    const folder = dictionary('AutoEncoder', trainer, more);
    await expect(readSae(folder)).rejects.toMatchObject({ code: 'usage' });
    await expect(readSae(folder)).rejects.toThrow(/does not say which site/);
    expect((await readSae(folder, { site: golden.site })).site).toBe(golden.site);
  });
});

describe('loading refuses', () => {
  const refused: readonly (readonly [string, string, RegExp, () => string])[] = [
    ['a path that is not', 'checkpoint-invalid', /cannot be read \(ENOENT\)/, () => '/nowhere'],
    [
      'a folder without an SAE',
      'checkpoint-unsupported',
      /holds no SAE of a known format; use one of: SAELens.*Gemma Scope/,
      () => {
        const folder = workspace.path('empty');
        mkdirSync(folder, { recursive: true });
        return folder;
      },
    ],
    [
      'tensors of no known format',
      'checkpoint-unsupported',
      /tensors bias, decoder\.weight, .*encoder\.weight/,
      () => {
        const folder = workspace.write(goldenCase('dictionary_learning AutoEncoder'));
        rmSync(join(folder, 'config.json'));
        return folder;
      },
    ],
    [
      'several files of weights',
      'checkpoint-unsupported',
      /several files of weights: a\.safetensors, ae\.safetensors; name the one/,
      () => {
        const folder = workspace.write(goldenCase('paper tied'));
        writeFileSync(join(folder, 'a.safetensors'), '');
        return folder;
      },
    ],
    [
      'a configuration that is no object',
      'checkpoint-invalid',
      /cfg\.json does not hold a JSON object/,
      () => {
        const folder = workspace.write(goldenCase('saelens standard'));
        writeFileSync(join(folder, 'cfg.json'), '[1]');
        return folder;
      },
    ],
    [
      'weights without a configuration',
      'checkpoint-invalid',
      /cfg\.json cannot be read/,
      () => {
        const folder = workspace.write(goldenCase('saelens standard'));
        rmSync(join(folder, 'cfg.json'));
        return folder;
      },
    ],
    [
      'a sparsify transcoder',
      'checkpoint-unsupported',
      /transcode: it predicts one site from another/,
      () => sparsify({ transcode: true }),
    ],
    [
      'a sparsify skip connection',
      'checkpoint-unsupported',
      /skip_connection/,
      () => sparsify({ skip_connection: true }),
    ],
    [
      'groupmax',
      'checkpoint-unsupported',
      /activation groupmax/,
      () => sparsify({ activation: 'groupmax' }),
    ],
    [
      'signed topk',
      'checkpoint-unsupported',
      /activation signed topk/,
      () => sparsify({ signed: true }),
    ],
    [
      'a sparsify SAE of other widths',
      'checkpoint-invalid',
      /encoder\.weight has shape \[10, 6\], not \[12, 6\]/,
      () => sparsify({ num_latents: 12 }),
    ],
    [
      'more active features than there are',
      'config-invalid',
      /k = 11 is more than the 10/,
      () => sparsify({ k: 11 }),
    ],
    [
      'an unknown dictionary class',
      'checkpoint-unsupported',
      /dict_class CrossCoder is not known; use one of AutoEncoder,/,
      () => dictionary('AutoEncoder', { dict_class: 'CrossCoder' }),
    ],
    [
      'a dictionary class named like a property of objects',
      'checkpoint-unsupported',
      /dict_class constructor is not known/,
      () => dictionary('AutoEncoder', { dict_class: 'constructor' }),
    ],
    [
      'a dictionary of another class than its weights',
      'checkpoint-invalid',
      /holds no tensor decoder\.bias/,
      () => dictionary('BatchTopKSAE', { dict_class: 'AutoEncoderNew' }),
    ],
    [
      'a dictionary whose weights hold more than its class uses',
      'checkpoint-unsupported',
      /holds k, threshold, which AutoEncoder does not use/,
      () => {
        const { files } = goldenCase('dictionary_learning AutoEncoderTopK');
        const weights = renamed(files['ae.safetensors'] as string, '"b_dec"', '"bias" ');
        return workspace.write({
          ...goldenCase('dictionary_learning AutoEncoder'),
          files: {
            ...goldenCase('dictionary_learning AutoEncoder').files,
            'ae.safetensors': weights,
          },
        });
      },
    ],
    [
      'a threshold that was never set',
      'checkpoint-unsupported',
      /threshold -1 was never set/,
      () => {
        const { files, ...rest } = goldenCase('dictionary_learning BatchTopKSAE');
        const weights = unpacked(files['ae.safetensors'] as string);
        const length = Number(weights.readBigUInt64LE());
        const header = JSON.parse(weights.subarray(8, 8 + length).toString()) as Record<
          string,
          { data_offsets: [number, number] }
        >;
        weights.writeFloatLE(-1, 8 + length + (header['threshold']?.data_offsets[0] ?? 0));
        const changedFiles = { ...files, 'ae.safetensors': packed(weights) };
        return workspace.write({ ...rest, files: changedFiles });
      },
    ],
    [
      'weights cut short',
      'checkpoint-invalid',
      /truncated/,
      () => {
        const folder = workspace.write(goldenCase('paper untied'));
        truncateSync(join(folder, 'ae.safetensors'), 500);
        return folder;
      },
    ],
  ];

  test.each(refused)('%s as %s', async (_, code, message, make) => {
    const path = make();
    const loading = readSae(path, { site: golden.site });
    await expect(loading).rejects.toMatchObject({ name: 'FeedprintError' });
    await expect(loading).rejects.toThrow(message);
    await expect(loading).rejects.toMatchObject({ code });
  });

  test.each([
    ['gemma-scope-2b-pt-transcoders/layer_1', /transcoder predicts one site from another/],
    ['gemma-scope-2b-pt-res/embedding/width_4k', /embedding/],
  ])('Gemma Scope files under %s', async (name, message) => {
    const { files } = goldenCase('gemma-scope-2b-pt-mlp/layer_1/width_10/average_l0_3');
    const folder = workspace.write({ ...goldenCase('paper tied'), name, files });
    await expect(readSae(folder)).rejects.toMatchObject({ code: 'checkpoint-unsupported' });
    await expect(readSae(folder)).rejects.toThrow(message);
  });

  test('a sample of another site', async () => {
    const folder = workspace.write(goldenCase('saelens standard'));
    const loading = readSae(folder, { sample: matrix(3, 7), threads: 1 });
    await expect(loading).rejects.toMatchObject({ code: 'shape-mismatch' });
  });
});
