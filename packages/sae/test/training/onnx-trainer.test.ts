import { describe, expect, test } from '@jest/globals';
import { matrix, norm, row } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { saeTrainerConformance } from '@feedprint/core/testing';
import { createOnnxTrainer, evaluateSae } from '../../src/index.ts';
import { learningRateAt } from '../../src/training/schedule.ts';
import { geometricMedian } from '../../src/training/initial-weights.ts';
import { SITE, normalMatrix, transposed } from '../support/saes.ts';
import { storeOf } from '../support/stores.ts';

const quick = { batchRows: 50, tokens: 20_000, learningRate: 0.05, threads: 1 };

const trainers = {
  tied: () => createOnnxTrainer({ ...quick, kind: 'tied', l1: 1 }),
  relu: () => createOnnxTrainer({ ...quick, kind: 'relu', l1: 0.5 }),
  topk: () => createOnnxTrainer({ ...quick, kind: 'topk', k: 3 }),
  gated: () => createOnnxTrainer({ ...quick, kind: 'gated', l1: 2 }),
  batchtopk: () => createOnnxTrainer({ ...quick, kind: 'batchtopk', k: 2 }),
  jumprelu: () =>
    createOnnxTrainer({ ...quick, kind: 'jumprelu', l0: 1, bandwidth: 0.5, learningRate: 0.02 }),
  matryoshka: () => createOnnxTrainer({ ...quick, kind: 'matryoshka', k: 3, widths: [0.5, 1] }),
  crosscoder: () => createOnnxTrainer({ ...quick, kind: 'crosscoder', k: 3 }),
};

describe.each(Object.entries(trainers))('the trainer of kind %s', (_, make) => {
  for (const check of saeTrainerConformance(make)) test(check.name, check.run);
});

test('trains on the device that it is given, which is none of its settings', () => {
  const { settings } = createOnnxTrainer({ ...quick, device: 'cpu' });
  expect(settings).toEqual(createOnnxTrainer(quick).settings);
});

const scaledRows = ({ rows, columns, data }: Matrix, factor: number): Matrix =>
  matrix(
    rows,
    columns,
    data.map((v) => v * factor),
  );

describe('scaling', () => {
  const x = normalMatrix(300, 5, 2, 3);
  const settings = { ...quick, tokens: 4000, l1: 0.3, k: 2 };

  test.each(['tied', 'relu', 'topk'] as const)(
    'of the activations does not change what %s learns',
    async (kind) => {
      const trainer = createOnnxTrainer({ ...settings, kind });
      const options = { site: SITE, dSae: 8, seed: 3 };
      const sae = await trainer.train(storeOf(x), options);
      const other = await trainer.train(storeOf(scaledRows(x, 7)), options);
      const [z, otherZ] = [await sae.encode(x), await other.encode(scaledRows(x, 7))];
      const worst = z.data.reduce(
        (most, v, i) => Math.max(most, Math.abs(v - (otherZ.data[i] as number))),
        0,
      );
      expect(worst).toBeLessThan(2e-3);
      const fvu = (await evaluateSae(sae, x)).fvu;
      expect((await evaluateSae(other, scaledRows(x, 7))).fvu).toBeCloseTo(fvu, 3);
      expect(fvu).toBeLessThan(1);
    },
  );

  test('is folded into the weights: decoder rows have length 1 / s, a tied encoder is s^2 times their transpose', async () => {
    const trainer = createOnnxTrainer({ ...settings, kind: 'tied' });
    const store = storeOf(x);
    const { weights } = await trainer.train(store, { site: SITE, dSae: 8, seed: 3 });
    const s = Math.sqrt(5) / (await store.scale(SITE)).meanNorm;
    for (let f = 0; f < 8; f++) expect(norm(row(weights.wDec, f)) * s).toBeCloseTo(1, 5);
    const back = transposed(weights.wDec).data;
    weights.wEnc.data.forEach((v, i) => expect(v).toBeCloseTo(s * s * (back[i] as number), 5));
  });

  test('is left out when asked to: decoder rows have length 1', async () => {
    const trainer = createOnnxTrainer({ ...settings, kind: 'relu', normalize: false });
    const { weights } = await trainer.train(storeOf(x), { site: SITE, dSae: 8, seed: 3 });
    for (let f = 0; f < 8; f++) expect(norm(row(weights.wDec, f))).toBeCloseTo(1, 5);
  });
});

describe('the trainer', () => {
  test('refuses more active features than there are', async () => {
    const train = createOnnxTrainer({ ...quick, k: 9 }).train(storeOf(normalMatrix(20, 4, 1)), {
      site: SITE,
      dSae: 8,
      seed: 1,
    });
    await expect(train).rejects.toMatchObject({ name: 'FeedprintError', code: 'config-invalid' });
  });

  test.each([{ k: 0 }, { l1: -1 }, { learningRate: NaN }, { kind: 'sparse' }, { typo: 1 }])(
    'refuses the settings %j',
    (settings) => {
      expect(() => createOnnxTrainer(settings as object)).toThrow(
        expect.objectContaining({ code: 'config-invalid' }),
      );
    },
  );

  test('more L1 leaves fewer features active', async () => {
    const l0: number[] = [];
    for (const l1 of [0.01, 1, 3]) {
      const x = normalMatrix(300, 6, 5);
      const sae = await createOnnxTrainer({ ...quick, tokens: 20_000, kind: 'relu', l1 }).train(
        storeOf(x),
        { site: SITE, dSae: 12, seed: 1 },
      );
      l0.push((await evaluateSae(sae, x)).l0);
    }
    expect(l0).toEqual([...l0].sort((a, b) => b - a));
    expect(l0[2]).toBeLessThan((l0[0] as number) / 2);
  });
});

test('the learning rate warms up over 5 % of the steps and decays over the last 20 %', () => {
  const shape = { learningRate: 2, warmUp: 0.05, decay: 0.2 };
  const rates = Array.from({ length: 100 }, (_, i) => learningRateAt(i + 1, 100, shape));
  expect(rates.slice(0, 5)).toEqual([0.4, 0.8, 1.2, 1.6, 2].map((v) => expect.closeTo(v, 12)));
  expect(new Set(rates.slice(4, 81))).toEqual(new Set([2]));
  expect(rates[99]).toBeCloseTo(0.1, 12);
  expect(rates.every((rate) => rate > 0)).toBe(true);
  expect(learningRateAt(1, 1, shape)).toBe(2);
});

test('the geometric median is not moved by one far row as the mean is', () => {
  const rows = matrix(5, 2, Float32Array.of(0, 0, 1, 0, 0, 1, 1, 1, 1000, 1000));
  const [x, y] = geometricMedian(rows, 200) as unknown as [number, number];
  // The derivative of the sum of distances vanishes there: unit vectors to the rows sum to zero.
  const pull = [0, 0];
  for (let r = 0; r < 5; r++) {
    const [dx, dy] = [(rows.data[2 * r] as number) - x, (rows.data[2 * r + 1] as number) - y];
    pull[0] = (pull[0] as number) + dx / Math.hypot(dx, dy);
    pull[1] = (pull[1] as number) + dy / Math.hypot(dx, dy);
  }
  expect(Math.hypot(...pull)).toBeLessThan(0.02);
  expect(x).toBeLessThan(1.1);
});

test('sees few rows a limited number of times, however many tokens are asked for', async () => {
  const trainer = createOnnxTrainer({ kind: 'relu', tokens: 1_000_000, passes: 7, batchRows: 10 });
  let steps = 0;
  const sae = await trainer.train(storeOf(normalMatrix(20, 4, 1)), {
    site: SITE,
    dSae: 8,
    seed: 1,
    onStep: (metrics) => (steps = metrics.steps),
  });
  expect(steps).toBe((7 * 20) / 10);
  await sae.dispose();
});
