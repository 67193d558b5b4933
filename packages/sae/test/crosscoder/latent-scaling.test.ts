import { describe, expect, test } from '@jest/globals';
import { matrix, row } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { latentScaling } from '../../src/crosscoder/latent-scaling.ts';
import type { PairModel } from '../../src/crosscoder/latent-scaling.ts';
import { relativeNorms } from '../../src/crosscoder/relative-norm.ts';
import { createSae } from '../../src/index.ts';
import type { GraphSae } from '../../src/index.ts';
import { SITE, normalMatrix, randomSae } from '../support/saes.ts';
import { storeOf } from '../support/stores.ts';

const offsets = { base: 0, tuned: 3 };

/** Least squares of |beta z d - y|^2 over all rows and units, by definition, in f64. */
async function byDefinition(
  sae: GraphSae,
  x: Matrix,
  feature: number,
  { model, own, target }: { model: PairModel; own: PairModel; target: 'error' | 'reconstruction' },
): Promise<number> {
  const z = await sae.encode(x);
  const reconstruction = await sae.decode(z);
  const of = (m: PairModel): Float32Array =>
    row(sae.weights.wDec, feature).subarray(offsets[m], offsets[m] + 3);
  let [above, below] = [0, 0];
  for (let r = 0; r < x.rows; r++) {
    const activation = row(z, r)[feature] as number;
    for (let i = 0; i < 3; i++) {
      const at = r * 6 + offsets[model] + i;
      const part = activation * (of(model)[i] as number);
      const recon = reconstruction.data[at] as number;
      const y = target === 'error' ? (x.data[at] as number) - recon + part : recon;
      const regressor = activation * (of(own)[i] as number);
      above += regressor * y;
      below += regressor * regressor;
    }
  }
  return above / below;
}

describe('the factors', () => {
  const sae = randomSae({ architecture: { kind: 'crosscoder', k: 3, models: 2 }, dIn: 6, dSae: 9 });
  const x = normalMatrix(200, 6, 8, 2);

  test.each(['tuned', 'base'] as const)('of %s are those of least squares', async (own) => {
    const scaling = await latentScaling(sae, x, { own });
    for (const target of ['error', 'reconstruction'] as const) {
      for (const model of ['base', 'tuned'] as const) {
        for (let f = 0; f < 9; f++) {
          expect(scaling.activeRows[f]).toBeGreaterThan(0);
          const expected = await byDefinition(sae, x, f, { model, own, target });
          expect(scaling[target][model][f]).toBeCloseTo(expected, 5);
        }
      }
    }
    const other = own === 'tuned' ? 'base' : 'tuned';
    expect(scaling.errorRatio[4]).toBe(
      (scaling.error[other][4] as number) / (scaling.error[own][4] as number),
    );
  });

  test('do not depend on batches, or on where the rows are kept', async () => {
    const whole = await latentScaling(sae, x);
    const parts = await latentScaling(sae, { store: storeOf(x) }, { batchRows: 7 });
    expect(parts.activeRows).toEqual(whole.activeRows);
    whole.errorRatio.forEach((v, f) => expect(parts.errorRatio[f]).toBeCloseTo(v, 5));
  });

  test('are NaN for a feature that is never active', async () => {
    const bEnc = sae.weights.bEnc.map((v, f) => (f === 2 ? -1e3 : v));
    const silent = createSae({ ...sae, weights: { ...sae.weights, bEnc } });
    const { errorRatio, activeRows } = await latentScaling(silent, x);
    expect(activeRows[2]).toBe(0);
    expect(errorRatio[2]).toBeNaN();
    expect(errorRatio.filter(Number.isNaN).length).toBe(1);
  });

  test('are refused for another SAE, other rows and more models', async () => {
    const plain = randomSae({ architecture: { kind: 'topk', k: 2 } });
    const three = randomSae({ architecture: { kind: 'crosscoder', k: 2, models: 3 } });
    await expect(latentScaling(plain, x)).rejects.toMatchObject({ code: 'usage' });
    await expect(latentScaling(three, x)).rejects.toMatchObject({ code: 'usage' });
    await expect(latentScaling(sae, normalMatrix(3, 5, 1))).rejects.toMatchObject({
      code: 'shape-mismatch',
    });
    expect(() => relativeNorms(plain)).toThrow('one model');
  });
});

/**
 * Three orthogonal concepts, each on a third of the rows. The crosscoder's features 0 to 2 read one each and say that it is of the tuned model alone. In
 * truth the first is; the second is as strong in the base model, where the decoder has forgotten it; the third is there too,
 * but as a feature of its own, 3.
 */
test('true and false features of the tuned model alone are told apart', async () => {
  const rows = 300;
  const x = matrix(rows, 6);
  for (let r = 0; r < rows; r++) {
    const concept = r % 3;
    const strength = 1 + (r % 7);
    x.data[r * 6 + 3 + concept] = strength;
    if (concept > 0) x.data[r * 6 + concept] = strength;
  }
  const [wEnc, wDec] = [matrix(6, 4), matrix(4, 6)];
  for (let f = 0; f < 3; f++) {
    wEnc.data[(3 + f) * 4 + f] = 1;
    wDec.data[f * 6 + 3 + f] = 1;
  }
  wEnc.data[2 * 4 + 3] = 1;
  wDec.data[3 * 6 + 2] = 1;
  const crosscoder = createSae({
    site: SITE,
    architecture: { kind: 'crosscoder', k: 1, models: 2 },
    weights: {
      wEnc,
      bEnc: new Float32Array(4),
      wDec,
      bDec: new Float32Array(6),
      extra: { threshold: new Float32Array(4) },
    },
  });
  const { owner, relativeNorm } = relativeNorms(crosscoder);
  expect(owner).toEqual(['tuned-only', 'tuned-only', 'tuned-only', 'base-only']);
  expect([...relativeNorm]).toEqual([1, 1, 1, 0]);
  const { errorRatio, reconstructionRatio } = await latentScaling(crosscoder, x);
  expect([...errorRatio.subarray(0, 3)].map((v) => Math.round(100 * v))).toEqual([0, 100, 0]);
  expect([...reconstructionRatio.subarray(0, 3)].map((v) => Math.round(100 * v))).toEqual([
    0, 0, 100,
  ]);
});

test('features are divided by the relative lengths of their decoder vectors', () => {
  const wDec = matrix(6, 2, Float32Array.of(1, 0.1, 1, 1, 0.1, 1, 1, 0.7, 0.9, 1, 0, 0));
  const crosscoder = createSae({
    site: SITE,
    architecture: { kind: 'crosscoder', k: 1, models: 2 },
    weights: {
      wEnc: matrix(2, 6),
      bEnc: new Float32Array(6),
      wDec,
      bDec: new Float32Array(2),
      extra: { threshold: new Float32Array(6) },
    },
  });
  const { owner, relativeNorm } = relativeNorms(crosscoder);
  expect(owner).toEqual(['base-only', 'shared', 'tuned-only', 'other', 'shared', 'other']);
  [0.05, 0.5, 0.95, 0.35, 0.55, 0.5].forEach((v, f) => expect(relativeNorm[f]).toBeCloseTo(v, 6));
});
