import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Matrix, SaeJob, SparseAutoencoder } from '@feedprint/core';
import { createOnnxTrainer } from '../../src/index.ts';
import type { GraphSae, SaeKind, SaeTrainingSettings } from '../../src/index.ts';
import { createTfjsTrainer } from '../../src/training/tfjs-trainer.ts';
import { outerProducts } from '../support/metrics.ts';
import { SITE, kinds, normalMatrix, randomSae } from '../support/saes.ts';
import { storeOf } from '../support/stores.ts';

const x = normalMatrix(400, 6, 1, 2);
const store = storeOf(x);
const base = { threads: 1, batchRows: 50, k: 3, l1: 0.5, l0: 0.1 } as const;
/** One step that moves nothing. */
const still = { ...base, tokens: 50, learningRate: 1e-12 } as const;
const options = (from: SparseAutoencoder): Omit<SaeJob, 'name' | 'store'> => ({
  ...{ site: SITE, seed: 4, from },
  dSae: from.dSae,
});
const kind = (name: string): SaeKind => kinds[name] as SaeKind;

const reconstructed = async (sae: SparseAutoencoder): Promise<Matrix> =>
  sae.decode(await sae.encode(x));

/** Share of the numbers that differ by more than rounding. */
function differing(a: Matrix, b: Matrix): number {
  const far = a.data.filter((v, i) => Math.abs(v - (b.data[i] as number)) > 1e-3).length;
  return far / a.data.length;
}

/** An SAE whose decoder rows are of different lengths, as imported ones may be. */
function uneven(architecture: SaeKind): GraphSae {
  const sae = randomSae({ architecture });
  sae.weights.wDec.data.forEach((v, i, all) => (all[i] = v * (1 + (Math.floor(i / 6) % 3))));
  return sae;
}

describe('training an SAE further', () => {
  test.each(['relu', 'gated', 'jumprelu'])(
    'begins with the reconstructions of %s, whatever its decoder rows, scaled or not, in a metric or not',
    async (name) => {
      const sae = uneven(kind(name));
      const expected = await reconstructed(sae);
      for (const normalize of [true, false]) {
        for (const metric of [undefined, outerProducts(6, 3)]) {
          const further = await createOnnxTrainer({
            ...{ ...still, normalize },
            kind: name as SaeTrainingSettings['kind'],
          }).train(store, { ...options(sae), ...(metric && { metric }) });
          expect(differing(await reconstructed(further), expected)).toBeLessThan(0.01);
        }
      }
    },
  );

  test.each(['tied', 'topk', 'matryoshka', 'batchtopk', 'crosscoder'] as const)(
    'begins with the weights of %s',
    async (name) => {
      const [sae] = await createOnnxTrainer({ ...base, kind: name, tokens: 1000 }).trainAll([
        { name: 'sae', store, site: SITE, dSae: 12, seed: 1 },
      ]);
      const from = sae as SparseAutoencoder;
      const further = await createOnnxTrainer({ ...still, kind: name }).train(store, options(from));
      for (const part of ['wEnc', 'wDec'] as const) {
        expect(differing(further.weights[part], from.weights[part])).toBe(0);
      }
      const apart = (a: Float32Array, b: Float32Array): number =>
        Math.max(...a.map((v, i) => Math.abs(v - (b[i] as number))));
      expect(apart(further.weights.bDec, from.weights.bDec)).toBeLessThan(1e-5);
      expect(apart(further.weights.bEnc, from.weights.bEnc)).toBeLessThan(1e-5);
    },
  );

  test('is better after as many steps than training a new one', async () => {
    const trainer = createOnnxTrainer({ ...base, kind: 'batchtopk', tokens: 2000 });
    const errors = async (from?: SparseAutoencoder): Promise<{ first: number; sae: GraphSae }> => {
      const seen: number[] = [];
      const sae = await trainer.train(store, {
        ...{ site: SITE, dSae: 24, seed: 4 },
        ...(from && { from }),
        onStep: ({ mse }) => seen.push(mse),
      });
      return { first: seen[0] as number, sae: sae as GraphSae };
    };
    const fresh = await errors();
    const further = await errors(fresh.sae);
    expect(further.first).toBeLessThan(0.6 * fresh.first);
  });

  test('by TensorFlow.js begins where onnxruntime begins', async () => {
    const sae = uneven(kind('relu'));
    const there = await createTfjsTrainer({ ...still, kind: 'relu', backend: 'wasm' }).train(
      store,
      options(sae),
    );
    expect(differing(await reconstructed(there), await reconstructed(sae))).toBe(0);
  });
});

test('a training that began with an SAE continues to the same bytes, and not from another SAE', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'feedprint-'));
  try {
    const trainer = createOnnxTrainer({ ...base, kind: 'gated', tokens: 3000 });
    const job = (seed?: number): SaeJob => ({
      ...{ name: 'sae', store, site: SITE, dSae: 10, seed: 4 },
      ...(seed !== undefined && { from: randomSae({ architecture: kind('gated'), seed }) }),
    });
    const [whole] = await trainer.trainAll([job(1)]);
    const checkpoint = { folder, everyTokens: 400 };
    const control = new AbortController();
    const stopped = trainer.trainAll([job(1)], {
      checkpoint,
      signal: control.signal,
      onStep: (_, { step }) => step >= 20 && control.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
    for (const other of [2, undefined]) {
      const refused = trainer.trainAll([job(other)], { checkpoint });
      await expect(refused).rejects.toMatchObject({ code: 'run-invalid' });
    }
    const [resumed] = await trainer.trainAll([job(1)], { checkpoint });
    expect(resumed?.weights).toEqual(whole?.weights);
  } finally {
    await rm(folder, { recursive: true });
  }
});

const emptied = (): GraphSae => {
  const sae = randomSae({ architecture: kind('relu') });
  sae.weights.wDec.data.fill(0, 12, 18);
  return sae;
};
const relu = randomSae({ architecture: kind('relu') });

test.each<[string, SparseAutoencoder, Partial<SaeJob>, string, RegExp]>([
  [
    'kind',
    randomSae({ architecture: kind('topk') }),
    {},
    'config-invalid',
    /kind topk, not of kind relu/,
  ],
  ['site', { ...relu, site: 'elsewhere' }, {}, 'config-invalid', /one of elsewhere, not of/],
  ['size', relu, { dSae: 20 }, 'shape-mismatch', /10 features, not of 20 features/],
  [
    'width',
    randomSae({ architecture: kind('relu'), dIn: 4 }),
    {},
    'shape-mismatch',
    /4 units, not of 6 units/,
  ],
  [
    'centring',
    randomSae({ architecture: { kind: 'relu', centred: false } }),
    {},
    'config-invalid',
    /plain input, not of centred input/,
  ],
  ['direction', emptied(), {}, 'config-invalid', /feature 2 .* decoder vector of zeros/],
])('an SAE of another %s, or of none, is refused', async (_, from, job, code, says) => {
  const training = createOnnxTrainer({ ...still, kind: 'relu' }).train(store, {
    ...options(from),
    ...job,
  });
  await expect(training).rejects.toMatchObject({
    code,
    message: expect.stringMatching(says) as unknown,
  });
});
