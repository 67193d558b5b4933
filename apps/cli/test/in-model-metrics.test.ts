import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadModel } from '@feedprint/activations';
import { matrix } from '@feedprint/core';
import type { InModelMetrics, LanguageModel, SparseAutoencoder } from '@feedprint/core';
import { createSae, evaluateInModel } from '@feedprint/sae';

interface Losses {
  readonly crossEntropy: number;
  readonly kl: number;
}

const golden = JSON.parse(
  readFileSync(new URL('./golden/in-model.json', import.meta.url), 'utf8'),
) as Readonly<Record<'clean' | 'half' | 'zero' | 'mean', Losses>> & {
  readonly site: string;
  readonly texts: number[][];
  readonly tokens: number;
};

let model: LanguageModel;

beforeAll(async () => {
  model = await loadModel(
    fileURLToPath(new URL('../../../packages/demo-models/base', import.meta.url)),
    { threads: 1 },
  );
});

afterAll(() => model.dispose());

/** Two features per unit, one for each sign: reconstructs `share` times the activations. */
function signSae(share: number): SparseAutoencoder {
  const dIn = model.info.width;
  const [wEnc, wDec] = [matrix(dIn, 2 * dIn), matrix(2 * dIn, dIn)];
  for (let i = 0; i < dIn; i++) {
    wEnc.data[i * 2 * dIn + i] = 1;
    wEnc.data[i * 2 * dIn + dIn + i] = -1;
    wDec.data[i * dIn + i] = share;
    wDec.data[(dIn + i) * dIn + i] = -share;
  }
  return createSae({
    site: golden.site,
    architecture: { kind: 'relu' },
    threads: 1,
    weights: { wEnc, bEnc: new Float32Array(2 * dIn), wDec, bDec: new Float32Array(dIn) },
  });
}

async function evaluated(share: number, batch?: number): Promise<InModelMetrics> {
  const sae = signSae(share);
  const metrics = await evaluateInModel(model, sae, golden.texts, batch ? { batch } : {});
  await sae.dispose();
  return metrics;
}

describe('an SAE evaluated in a real model', () => {
  test('has the cross-entropies and divergences of transformers', async () => {
    const { tokens, crossEntropy, kl, crossEntropyRecovered, klRecovered } = await evaluated(0.5);
    expect(tokens).toBe(golden.tokens);
    const { clean, half, zero, mean } = golden;
    const expected: [number, number][] = [
      [crossEntropy.clean, clean.crossEntropy],
      [crossEntropy.reconstructed, half.crossEntropy],
      [crossEntropy.zero, zero.crossEntropy],
      [crossEntropy.mean, mean.crossEntropy],
      [kl.reconstructed, half.kl],
      [kl.zero, zero.kl],
      [kl.mean, mean.kl],
    ];
    for (const [actual, by] of expected) expect(actual).toBeCloseTo(by, 5);
    const cost = zero.crossEntropy - clean.crossEntropy;
    expect(crossEntropyRecovered.zero.value).toBeCloseTo(
      (zero.crossEntropy - half.crossEntropy) / cost,
      4,
    );
    expect(klRecovered.mean.value).toBeCloseTo(1 - half.kl / mean.kl, 4);
  });

  test('recovers everything if perfect, nothing if silent, whatever the batches', async () => {
    const perfect = await evaluated(1);
    expect(perfect.crossEntropyRecovered.zero.value).toBeCloseTo(1, 5);
    expect(perfect.kl.reconstructed).toBeLessThan(1e-9);
    const silent = await evaluated(0);
    expect(silent.crossEntropyRecovered.zero.value).toBeCloseTo(0, 6);
    expect(silent.klRecovered.zero.value).toBeCloseTo(0, 6);
    const [whole, parts] = [await evaluated(0.5), await evaluated(0.5, 24)];
    expect(parts.crossEntropy.reconstructed).toBeCloseTo(whole.crossEntropy.reconstructed, 5);
    expect(parts.kl.mean).toBeCloseTo(whole.kl.mean, 5);
  });
});
