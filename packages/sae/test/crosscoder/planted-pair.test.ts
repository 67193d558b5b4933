import { beforeAll, describe, expect, test } from '@jest/globals';
import { createRandom, matrix, norm, row } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { latentScaling } from '../../src/crosscoder/latent-scaling.ts';
import { concatStores, differenceStore } from '../../src/crosscoder/paired-stores.ts';
import { relativeNorms } from '../../src/crosscoder/relative-norm.ts';
import { createOnnxTrainer, evaluateSae } from '../../src/index.ts';
import type { GraphSae } from '../../src/index.ts';
import { SITE, normalMatrix } from '../support/saes.ts';
import { storeOf } from '../support/stores.ts';

const WIDTH = 16;
const SHARED = 8;
const ROWS = 3000;

interface Pair {
  readonly base: Matrix;
  readonly tuned: Matrix;
  readonly shared: readonly Float32Array[];
  readonly tunedOnly: Float32Array;
}

/** Sparse sums of directions: eight of both models, one of the tuned model alone; the tuned model is twice as large. */
function plantedPair(): Pair {
  const random = createRandom(11);
  const directions = normalMatrix(SHARED + 1, WIDTH, 12);
  const unit = Array.from({ length: SHARED + 1 }, (_, c) => {
    const v = row(directions, c);
    return v.map((value) => value / norm(v));
  });
  const [base, tuned] = [matrix(ROWS, WIDTH), matrix(ROWS, WIDTH)];
  for (let r = 0; r < ROWS; r++) {
    for (const [c, direction] of unit.entries()) {
      if (random.next() > 0.2) continue;
      const strength = 2 + 2 * random.next();
      direction.forEach((v, i) => {
        const at = r * WIDTH + i;
        if (c < SHARED) base.data[at] = (base.data[at] as number) + strength * v;
        tuned.data[at] = (tuned.data[at] as number) + 2 * strength * v;
      });
    }
    for (const m of [base, tuned]) {
      row(m, r).forEach((v, i, values) => (values[i] = v + 0.02 * random.normal()));
    }
  }
  return { base, tuned, shared: unit.slice(0, SHARED), tunedOnly: unit[SHARED] as Float32Array };
}

const cosine = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, v, i) => sum + v * (b[i] as number), 0) / (norm(a) * norm(b) || 1);

const half = (sae: GraphSae, feature: number, model: 0 | 1): Float32Array =>
  row(sae.weights.wDec, feature).subarray(model * WIDTH, (model + 1) * WIDTH);

const mostAlike = (
  count: number,
  of: (feature: number) => Float32Array,
  to: Float32Array,
): [number, number] => {
  const cosines = Array.from({ length: count }, (_, f) => cosine(of(f), to));
  const best = Math.max(...cosines);
  return [cosines.indexOf(best), best];
};

const pair = plantedPair();
const stores = [storeOf(pair.base), storeOf(pair.tuned)] as const;
const settings = { batchRows: 200, tokens: 60_000, learningRate: 0.02, threads: 1 };

describe('a crosscoder of a planted pair', () => {
  let crosscoder: GraphSae;
  const side = concatStores(...stores);
  beforeAll(async () => {
    const trainer = createOnnxTrainer({ ...settings, kind: 'crosscoder', k: 2 });
    const options = { site: SITE, dSae: 12, seed: 1 };
    crosscoder = (await trainer.train(side, options)) as GraphSae;
  });

  test('reconstructs both models with about k features a row', async () => {
    const { fvu, l0 } = await evaluateSae(crosscoder, { store: side });
    expect(fvu).toBeLessThan(0.1);
    expect(l0).toBeGreaterThan(1.5);
    expect(l0).toBeLessThan(2.5);
  });

  test('has the direction of the tuned model alone, and latent scaling confirms it', async () => {
    const [feature, best] = mostAlike(12, (f) => half(crosscoder, f, 1), pair.tunedOnly);
    expect(best).toBeGreaterThan(0.95);
    expect(relativeNorms(crosscoder).owner[feature]).toBe('tuned-only');
    const { errorRatio, reconstructionRatio } = await latentScaling(crosscoder, { store: side });
    expect(Math.abs(errorRatio[feature] as number)).toBeLessThan(0.1);
    expect(Math.abs(reconstructionRatio[feature] as number)).toBeLessThan(0.2);
  });

  test('has every shared direction in both models, as long in one as in the other for its size', async () => {
    const [base, tuned] = await Promise.all(stores.map((store) => store.scale(SITE)));
    const norms = { base: base?.meanNorm ?? NaN, tuned: tuned?.meanNorm ?? NaN };
    const { owner } = relativeNorms(crosscoder, norms);
    const { relativeNorm } = relativeNorms(crosscoder);
    for (const direction of pair.shared) {
      const [feature, best] = mostAlike(12, (f) => half(crosscoder, f, 1), direction);
      expect(best).toBeGreaterThan(0.99);
      expect(cosine(half(crosscoder, feature, 0), direction)).toBeGreaterThan(0.99);
      expect(owner[feature]).toBe('shared');
      expect(relativeNorm[feature]).toBeCloseTo(0.75, 1);
    }
  });
});

test('an SAE on differences finds the direction of the tuned model alone, where the shared ones do not change', async () => {
  // Of equal size here: what does not change cancels.
  const halved = matrix(
    ROWS,
    WIDTH,
    pair.tuned.data.map((v) => v / 2),
  );
  const difference = differenceStore(stores[0], storeOf(halved));
  const trainer = createOnnxTrainer({ ...settings, kind: 'topk', k: 1, tokens: 20_000 });
  const sae = await trainer.train(difference, { site: SITE, dSae: 4, seed: 1 });
  const [, best] = mostAlike(4, (f) => row(sae.weights.wDec, f), pair.tunedOnly);
  expect(best).toBeGreaterThan(0.98);
  expect((await evaluateSae(sae, { store: difference })).fvu).toBeLessThan(0.1);
});
