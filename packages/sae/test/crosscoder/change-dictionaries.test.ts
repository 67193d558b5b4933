import { beforeAll, describe, expect, test } from '@jest/globals';
import { createRandom, matrix, norm, row } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { createChangeDictionaries, createOnnxTrainer } from '../../src/index.ts';
import type { ChangeDictionary, ChangeFeature } from '../../src/index.ts';
import { SITE, normalMatrix } from '../support/saes.ts';
import { storeOf } from '../support/stores.ts';

const WIDTH = 16;
const ROWS = 3000;
const options = { site: SITE, dSae: 32, seed: 1, words: 3 };

/**
 * Sparse sums of eight directions in both models, a fifth longer in the tuned one, which adds a ninth, of length 3, where word 0
 * follows: on a tenth of the rows.
 */
function planted() {
  const random = createRandom(3);
  const directions = normalMatrix(9, WIDTH, 4);
  const unit = Array.from({ length: 9 }, (_, c) => {
    const v = row(directions, c);
    return v.map((value) => value / norm(v));
  });
  const [base, tuned] = [matrix(ROWS, WIDTH), matrix(ROWS, WIDTH)];
  const follows = new Int32Array(ROWS).fill(-1);
  for (let r = 0; r < ROWS; r++) {
    const x = row(base, r);
    for (const direction of unit.slice(0, 8)) {
      if (random.next() > 0.2) continue;
      const strength = 2 + 2 * random.next();
      direction.forEach((v, i) => (x[i] = (x[i] as number) + strength * v));
    }
    row(tuned, r).set(x.map((v) => 1.2 * v));
    const draw = random.next();
    if (draw < 0.2) follows[r] = draw < 0.1 ? 0 : 1;
    if (draw < 0.1) {
      (unit[8] as Float32Array).forEach((v, i) => {
        tuned.data[r * WIDTH + i] = (tuned.data[r * WIDTH + i] as number) + 3 * v;
      });
    }
  }
  return { base, tuned, follows, direction: unit[8] as Float32Array };
}

const { base, tuned, follows, direction } = planted();
const settings = { batchRows: 256, learningRate: 5e-3 };
const maker = createChangeDictionaries({
  trainer: createOnnxTrainer({ ...settings, threads: 1 }),
  k: 3,
  tokens: 40_000,
});
const train = (): Promise<readonly ChangeDictionary[]> =>
  maker.train(storeOf(base), storeOf(tuned), { ...options, follows });

const along = (vector: Float32Array): number =>
  vector.reduce((sum, v, i) => sum + v * (direction[i] as number), 0);

let found: readonly ChangeDictionary[];
beforeAll(async () => {
  found = await train();
});

describe('dictionaries of changes', () => {
  test('are a crosscoder and an SAE of differences, tried on rows they were not trained on', () => {
    expect(found.map(({ name }) => name)).toEqual(['crosscoder', 'difference-sae']);
    for (const { explainedVariance, l0, dSae, vectors } of found) {
      expect(explainedVariance).toBeGreaterThan(0.8);
      expect(l0).toBeLessThan(6);
      expect([dSae, vectors.rows, vectors.columns]).toEqual([32, 32, WIDTH]);
    }
    expect(maker.settings).toMatchObject({ k: 3, tokens: 40_000, batchRows: 256 });
  });

  test('have a feature of the planted direction, which the crosscoder gives to the tuned model', () => {
    const { features, vectors } = found[0] as ChangeDictionary;
    const [first] = features as [ChangeFeature];
    const vector = row(vectors, first.feature);
    expect(along(vector) / norm(vector)).toBeGreaterThan(0.95);
    expect(first.relativeNorm).toBeGreaterThan(0.9);
    expect(first.errorRatio).toBeLessThan(0.2);
    // It is 3 long on a tenth of the rows.
    expect(first.density).toBeCloseTo(0.1, 1);
    expect(Math.abs(first.size - 0.3)).toBeLessThan(0.05);
  });

  test('rank features by how much of the difference they carry', () => {
    for (const { name, features, vectors } of found) {
      const sizes = features.map(({ size }) => size);
      expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
      for (const { feature, size, density, relativeNorm } of features) {
        expect(norm(row(vectors, feature)) * density).toBeCloseTo(size, 4);
        expect(relativeNorm === null).toBe(name === 'difference-sae');
      }
    }
  });

  test('tell what is changed before each word, over all rows for one that never follows', () => {
    for (const { beforeWords } of found) {
      const [changed, same, never] = [0, 1, 2].map((w) => along(row(beforeWords, w))) as [
        number,
        number,
        number,
      ];
      expect(changed).toBeGreaterThan(2.5);
      expect(changed).toBeLessThan(3.3);
      expect(Math.abs(same)).toBeLessThan(0.3);
      expect(never).toBeGreaterThan(0.1);
      expect(never).toBeLessThan(0.6);
    }
  });

  test('are the same bytes for the same seed', async () => {
    const again = await train();
    again.forEach(({ vectors, beforeWords }, i) => {
      expect(vectors.data).toEqual(found[i]?.vectors.data);
      expect(beforeWords.data).toEqual((found[i]?.beforeWords as Matrix).data);
    });
  });

  test('refuse words that do not fit the rows', async () => {
    for (const wrong of [follows.subarray(1), follows.map(() => 3)]) {
      await expect(
        maker.train(storeOf(base), storeOf(tuned), { ...options, follows: wrong }),
      ).rejects.toMatchObject({ code: 'shape-mismatch' });
    }
  });
});
