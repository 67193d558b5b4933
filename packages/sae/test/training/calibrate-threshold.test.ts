import { describe, expect, test } from '@jest/globals';
import { createRandom, matrix } from '@feedprint/core';
import { calibrateThreshold, createOnnxTrainer, createSae, evaluateSae } from '../../src/index.ts';
import type { GraphSae, SaeKind } from '../../src/index.ts';
import { largestBut } from '../../src/training/calibrate-threshold.ts';
import { spreadRows } from '../../src/training/spread-rows.ts';
import { SITE, kinds, normalMatrix, randomSae } from '../support/saes.ts';
import { storeOf } from '../support/stores.ts';

const x = normalMatrix(5000, 6, 2);
const kind = (name: string): SaeKind => kinds[name] as SaeKind;
const thresholdsOf = ({ weights }: GraphSae): number[] => [...(weights.extra?.['threshold'] ?? [])];
const activeOf = async (sae: GraphSae): Promise<number> =>
  (await sae.encode(x)).data.reduce((count, z) => count + (z > 0 ? 1 : 0), 0);

describe.each(['batchtopk', 'matryoshka', 'crosscoder', 'jumprelu', 'jumprelu, not centred'])(
  'thresholds of %s',
  (name) => {
    test.each([0.3, 2, 3.7])('are set so that exactly %d features are active a row', async (l0) => {
      const sae = randomSae({ architecture: kind(name) });
      const set = await calibrateThreshold(sae, { rows: x, l0, threads: 1 });
      // Rounding where features are compared by their share of a threshold.
      expect(Math.abs((await activeOf(set)) - l0 * x.rows)).toBeLessThanOrEqual(2);
      expect([set.site, set.architecture]).toEqual([SITE, kind(name)]);
      expect(set.weights.wEnc).toEqual(sae.weights.wEnc);
      expect(set.weights.wDec).toEqual(sae.weights.wDec);
    });
  },
);

test('one threshold serves all features, or those of jumprelu keep their proportions', async () => {
  const shared = await calibrateThreshold(randomSae({ architecture: kind('batchtopk') }), {
    ...{ rows: x, l0: 2 },
  });
  expect(new Set(thresholdsOf(shared)).size).toBe(1);
  const sae = randomSae({ architecture: kind('jumprelu') });
  const set = thresholdsOf(await calibrateThreshold(sae, { rows: x, l0: 2 }));
  const factors = thresholdsOf(sae).map((before, f) => (set[f] as number) / before);
  for (const factor of factors) expect(factor).toBeCloseTo(factors[0] as number, 4);
});

test('features that are active alike stay out together, so that there are never more than asked for', async () => {
  const sae = createSae({
    site: SITE,
    architecture: { kind: 'batchtopk', k: 1 },
    weights: {
      wEnc: matrix(1, 3, Float32Array.of(1, 1, 2)),
      bEnc: new Float32Array(3),
      wDec: matrix(3, 1, Float32Array.of(1, 1, 1)),
      bDec: new Float32Array(1),
      extra: { threshold: Float32Array.of(9, 9, 9) },
    },
  });
  const rows = matrix(2, 1, Float32Array.of(1, 3));
  const l0Of = async (l0: number): Promise<number> =>
    (await evaluateSae(await calibrateThreshold(sae, { rows, l0 }), rows)).l0;
  // Activations 1 1 2 and 3 3 6.
  expect([await l0Of(1.5), await l0Of(1.2), await l0Of(0.5), await l0Of(2)]).toEqual([
    1.5, 0.5, 0.5, 2,
  ]);
  expect(await l0Of(50)).toBe(3);
});

test('are the same from a store as from its rows', async () => {
  const sae = randomSae({ architecture: kind('batchtopk') });
  const ofRows = await calibrateThreshold(sae, { rows: x, l0: 2 });
  const ofStore = await calibrateThreshold(sae, { rows: { store: storeOf(x) }, l0: 2 });
  expect(thresholdsOf(ofStore)).toEqual(thresholdsOf(ofRows));
});

test.each([
  ['topk', 2, /kind topk has no threshold/],
  ['relu', 2, /kind relu has no threshold/],
  ['batchtopk', 0, /no threshold gives 0 active features/],
  ['batchtopk', NaN, /no threshold gives NaN active features/],
  ['batchtopk', Infinity, /no threshold gives Infinity active features/],
] as const)('%s with %d active features is refused', async (name, l0, says) => {
  const calibrated = calibrateThreshold(randomSae({ architecture: kind(name) }), { rows: x, l0 });
  await expect(calibrated).rejects.toMatchObject({
    code: 'config-invalid',
    message: expect.stringMatching(says) as unknown,
  });
});

test('jumprelu features without a threshold cannot be held back', async () => {
  const sae = randomSae({ architecture: kind('jumprelu') });
  sae.weights.extra?.['threshold']?.fill(0);
  await expect(calibrateThreshold(sae, { rows: x, l0: 1 })).rejects.toMatchObject({
    code: 'config-invalid',
    message: expect.stringMatching(
      /features without a threshold alone exceed 1 per row/,
    ) as unknown,
  });
});

test('the largest number but some is that of a sorted list', async () => {
  const random = createRandom(3);
  const numbers = Float32Array.from({ length: 3000 }, () => Math.exp(8 * random.normal()));
  numbers.fill(2.5, 100, 200);
  const sorted = numbers.slice().sort().reverse();
  const read = (tell: (value: number) => void): Promise<number> => {
    numbers.forEach((v) => tell(v));
    return Promise.resolve(numbers.length);
  };
  for (const count of [0, 1, 17, 1300, 1400, 1500, 2999]) {
    expect(await largestBut(read, () => count)).toBe(sorted[count]);
  }
  expect(await largestBut(read, (given) => given)).toBe(0);
});

test('rows that stand for a store are spread over it, in whole chunks', async () => {
  const rows = matrix(
    10_000,
    1,
    Float32Array.from({ length: 10_000 }, (_, i) => i),
  );
  const read = async (wanted: number): Promise<number[]> => {
    const all: number[] = [];
    for await (const { data } of spreadRows(storeOf(rows), SITE, wanted)) all.push(...data);
    return all;
  };
  const few = await read(3000);
  expect([few.length, few[0], few[1023], few[1024], few.at(-1)]).toEqual([
    3072,
    0,
    1023,
    3 * 1024,
    6 * 1024 + 1023,
  ]);
  expect(await read(20_000)).toEqual([...rows.data]);
});

describe('the setting targetL0', () => {
  const settings = { threads: 1, batchRows: 50, tokens: 3000, k: 3, learningRate: 0.01 } as const;
  const options = { site: SITE, dSae: 24, seed: 4 };

  test.each(['batchtopk', 'matryoshka', 'jumprelu'] as const)(
    'sets the thresholds of %s on rows of the store when training is over',
    async (name) => {
      const sae = await createOnnxTrainer({ ...settings, kind: name, targetL0: 2.5 }).train(
        storeOf(x),
        options,
      );
      expect((await evaluateSae(sae, x)).l0).toBeCloseTo(2.5, 2);
      const plain = await createOnnxTrainer({ ...settings, kind: name }).train(storeOf(x), options);
      expect(sae.weights.wDec).toEqual(plain.weights.wDec);
    },
  );

  test('is refused for a kind without thresholds before anything is trained', async () => {
    let steps = 0;
    const training = createOnnxTrainer({ ...settings, targetL0: 2 }).train(storeOf(x), {
      ...options,
      onStep: () => steps++,
    });
    await expect(training).rejects.toMatchObject({ code: 'config-invalid' });
    expect(steps).toBe(0);
  });
});
