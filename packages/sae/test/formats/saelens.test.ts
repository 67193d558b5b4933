import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { openSafetensors, writeSafetensors } from '@feedprint/core';
import type { SparseAutoencoder } from '@feedprint/core';
import { createSaeLensFormat } from '../../src/index.ts';
import { SITE, kinds, normalMatrix, randomSae } from '../support/saes.ts';

const root = mkdtempSync(join(tmpdir(), 'feedprint-sae-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;
const newFolder = (): string => join(root, `${count++}`);
const format = createSaeLensFormat({ threads: 1 });

interface Config {
  readonly [key: string]: unknown;
}
const configOf = (folder: string): Config =>
  JSON.parse(readFileSync(join(folder, 'cfg.json'), 'utf8')) as Config;
const configure = (folder: string, change: object): void =>
  writeFileSync(join(folder, 'cfg.json'), JSON.stringify({ ...configOf(folder), ...change }));

/** A saved SAE, changed on disk. */
async function saved(
  change: (folder: string) => void = () => undefined,
  kind = 'relu',
): Promise<string> {
  const folder = newFolder();
  await format.save(randomSae({ architecture: kinds[kind] ?? { kind: 'relu' } }), folder);
  change(folder);
  return folder;
}

describe.each(Object.entries(kinds))('a saved SAE of kind %s', (_, architecture) => {
  test('comes back with every bit, its site and its kind', async () => {
    const sae = randomSae({ architecture });
    const folder = newFolder();
    await format.save(sae, folder);
    const loaded = await format.load(folder);
    expect(loaded.weights).toEqual(sae.weights);
    expect([loaded.site, loaded.kind, loaded.dIn, loaded.dSae]).toEqual([SITE, sae.kind, 6, 10]);
    const x = normalMatrix(12, 6, 5);
    expect(await loaded.encode(x)).toEqual(await sae.encode(x));
  });

  test('keeps encoder and decoder apart when both are square', async () => {
    const sae = randomSae({ architecture, dIn: 6, dSae: 6 });
    const folder = newFolder();
    await format.save(sae, folder);
    const loaded = await format.load(folder);
    const x = normalMatrix(12, 6, 5);
    const z = await sae.encode(x);
    expect(await loaded.decode(await loaded.encode(x))).toEqual(await sae.decode(z));
    // As SAELens computes it: row times W_enc [d_in, d_sae].
    const file = openSafetensors(join(folder, 'sae_weights.safetensors'));
    const [enc, bEnc, bDec] = ['W_enc', 'b_enc', 'b_dec'].map((n) => file.readFloats(n)) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    const centred = configOf(folder).apply_b_dec_to_input === true;
    const pre = Array.from({ length: 6 }, (_, f) =>
      [...x.data.subarray(0, 6)].reduce(
        (sum, v, i) => sum + (v - (centred ? (bDec[i] as number) : 0)) * (enc[i * 6 + f] as number),
        bEnc[f] as number,
      ),
    );
    z.data.subarray(0, 6).forEach((value, f) => {
      if (value > 0) expect(value).toBeCloseTo(pre[f] as number, 5);
    });
    expect(z.data.subarray(0, 6).some((v) => v > 0)).toBe(true);
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
    expect(configOf(await saved(undefined, 'tied'))).toMatchObject({
      architecture: 'standard',
      apply_b_dec_to_input: false,
    });
    expect(configOf(await saved(undefined, 'topk'))).toMatchObject({
      architecture: 'topk',
      k: 3,
      rescale_acts_by_decoder_norm: false,
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

describe('loading', () => {
  test.each<[string, string, RegExp, (folder: string) => void]>([
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
    [
      'another architecture',
      'checkpoint-unsupported',
      /architecture/,
      (f) => configure(f, { architecture: 'gated' }),
    ],
    [
      'normalised activations',
      'checkpoint-unsupported',
      /normalize_activations/,
      (f) => configure(f, { normalize_activations: 'layer_norm' }),
    ],
    [
      'reshaped activations',
      'checkpoint-unsupported',
      /reshape_activations/,
      (f) => configure(f, { reshape_activations: 'hook_z' }),
    ],
    [
      'features rescaled by decoder norms',
      'checkpoint-unsupported',
      /rescale_acts/,
      (f) => configure(f, { rescale_acts_by_decoder_norm: true }),
    ],
    ['no site', 'checkpoint-unsupported', /metadata/, (f) => configure(f, { metadata: undefined })],
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
      /W_enc has shape \[6, 10\], cfg\.json asks for \[10, 6\]/,
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
