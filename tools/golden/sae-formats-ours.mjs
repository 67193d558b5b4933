/**
 * Saves a small random SAE of every kind that SAELens has a place for, with an input and what they give for it, for
 * `tools/golden/sae_formats.py --check`:
 *
 *     node tools/golden/sae-formats-ours.mjs FOLDER
 */
import { join } from 'node:path';
import { createRandom, matrix, writeSafetensors } from '@feedprint/core';
import { createSae, createSaeLensFormat } from '@feedprint/sae';

const [D_IN, D_SAE, ROWS] = [48, 160, 64];
const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: node tools/golden/sae-formats-ours.mjs FOLDER');

const random = createRandom(20261122);
const normal = (length, scale) => Float32Array.from({ length }, () => scale * random.normal());
const kinds = {
  tied: { kind: 'tied' },
  relu: { kind: 'relu' },
  'relu-not-centred': { kind: 'relu', centred: false },
  topk: { kind: 'topk', k: 8 },
  'topk-not-centred': { kind: 'topk', k: 8, centred: false },
  gated: { kind: 'gated' },
  jumprelu: { kind: 'jumprelu' },
  'jumprelu-not-centred': { kind: 'jumprelu', centred: false },
  batchtopk: { kind: 'batchtopk', k: 8 },
  matryoshka: { kind: 'matryoshka', k: 8, widths: [32, 160] },
};

for (const [name, architecture] of Object.entries(kinds)) {
  const wDec = normal(D_SAE * D_IN, D_IN ** -0.5);
  const wEnc = Float32Array.from({ length: D_IN * D_SAE }, (_, i) => {
    const tied = wDec[(i % D_SAE) * D_IN + Math.floor(i / D_SAE)];
    return name === 'tied' ? tied : tied + 0.05 * random.normal();
  });
  const sae = createSae({
    site: 'blocks.1.hook_mlp_out',
    architecture,
    threads: 1,
    weights: {
      wEnc: matrix(D_IN, D_SAE, wEnc),
      bEnc: normal(D_SAE, 0.2),
      wDec: matrix(D_SAE, D_IN, wDec),
      bDec: normal(D_IN, 0.3),
      extra: {
        threshold: normal(D_SAE, 0.3).map(Math.abs),
        bGate: normal(D_SAE, 0.3),
        rMag: normal(D_SAE, 0.3),
      },
    },
  });
  const x = matrix(ROWS, D_IN, normal(ROWS * D_IN, 1));
  const features = await sae.encode(x);
  const reconstruction = await sae.decode(features);
  await createSaeLensFormat().save(sae, join(folder, name), new Float32Array(D_SAE).fill(0.1));
  const tensor = ({ rows, columns, data }) => ({ shape: [rows, columns], data });
  writeSafetensors(join(folder, name, 'expected.safetensors'), {
    x: tensor(x),
    features: tensor(features),
    reconstruction: tensor(reconstruction),
  });
  await sae.dispose();
}
