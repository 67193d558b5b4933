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
const tensor = (shape: readonly number[], seed: number): TensorToWrite => ({
  shape: [...shape],
  data: normalMatrix(
    1,
    shape.reduce((a, b) => a * b, 1),
    seed,
    0.6,
  ).data,
});

/** A folder of dictionary_learning with `k` in its configuration, in its weights, or both. */
function folderOf(
  dict_class: string,
  k: { readonly configured?: unknown; readonly stored?: number },
): string {
  const folder = workspace.path('ae');
  mkdirSync(folder, { recursive: true });
  const trainer = { dict_class, layer: 1, submodule_name: 'mlp_out_layer_1', k: k.configured };
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ trainer, buffer: { io: 'out' } }));
  writeSafetensors(join(folder, 'ae.safetensors'), {
    'encoder.weight': tensor([dSae, dIn], 1),
    'encoder.bias': tensor([dSae], 2),
    'decoder.weight': tensor([dIn, dSae], 3),
    b_dec: tensor([dIn], 4),
    ...(dict_class === 'BatchTopKSAE' && { threshold: { shape: [], data: Float32Array.of(0.2) } }),
    ...(k.stored !== undefined && { k: { shape: [], data: Int32Array.of(k.stored) } }),
  });
  return folder;
}

describe.each(['AutoEncoderTopK', 'BatchTopKSAE'])('the k of a dictionary of class %s', (name) => {
  test.each([
    ['its weights', { stored: 3 }],
    ['its configuration', { configured: 3 }],
    ['both, alike', { stored: 3, configured: 3 }],
  ])('may be in %s', async (_, where) => {
    const sae = await readSae(folderOf(name, where), { threads: 1 });
    expect(sae.architecture).toMatchObject({ k: 3 });
    if (sae.kind === 'topk') {
      const z = await sae.encode(normalMatrix(20, dIn, 9));
      const active = Array.from({ length: 20 }, (__, r) =>
        z.data.subarray(r * dSae, (r + 1) * dSae).reduce((n, v) => n + (v > 0 ? 1 : 0), 0),
      );
      expect(Math.max(...active)).toBe(3);
    }
    await sae.dispose();
  });

  test.each([
    [
      'two that differ',
      /k is 3 in the weights and 4 in config\.json/,
      { stored: 3, configured: 4 },
    ],
    ['none', /neither the weights nor trainer in config\.json give k/, {}],
    ['zero', /k is 0/, { configured: 0 }],
    ['half of one', /k/, { configured: 0.5 }],
  ])('is refused as %s', async (_, message, where) => {
    const loading = readSae(folderOf(name, where));
    await expect(loading).rejects.toMatchObject({ code: 'checkpoint-unsupported' });
    await expect(loading).rejects.toThrow(message);
  });
});
