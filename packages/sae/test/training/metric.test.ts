import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createRandom, matrix, norm, row } from '@feedprint/core';
import type { Matrix, SaeJob, SaeTrainer, SparseAutoencoder } from '@feedprint/core';
import { saeTrainerConformance } from '@feedprint/core/testing';
import { adamCorrections, createTrainingSession } from '@feedprint/graph';
import { createOnnxTrainer, createSae, createSaeLensFormat, evaluateSae } from '../../src/index.ts';
import type { SaeTrainingSettings } from '../../src/index.ts';
import { initialWeights } from '../../src/training/initial-weights.ts';
import { foldRoot, metricRoot, timesRoot } from '../../src/training/metric-root.ts';
import { kindOf, parseSettings } from '../../src/training/settings.ts';
import { createTfjsTrainer } from '../../src/training/tfjs-trainer.ts';
import { buildTrainingGraph } from '../../src/training/training-graph.ts';
import { diagonal, meanError, multipleOfIdentity, outerProducts } from '../support/metrics.ts';
import { SITE, kinds, normalMatrix, randomSae } from '../support/saes.ts';
import { storeOf } from '../support/stores.ts';

const D = 8;
const x = normalMatrix(400, D, 1, 2);
const quick = {
  threads: 1,
  batchRows: 50,
  tokens: 3000,
  deadTokens: 100,
  learningRate: 0.01,
  k: 3,
  l1: 0.5,
  l0: 0.1,
} as const;
const trained: SparseAutoencoder[] = [];
afterAll(() => Promise.all(trained.map((sae) => sae.dispose())));

interface Asked {
  readonly settings?: Partial<SaeTrainingSettings>;
  readonly metric?: Matrix;
  readonly rows?: Matrix;
  readonly dSae?: number;
}

async function train({ settings, metric, rows = x, dSae = 24 }: Asked): Promise<SparseAutoencoder> {
  const sae = await createOnnxTrainer({ ...quick, ...settings }).train(storeOf(rows), {
    site: SITE,
    dSae,
    seed: 4,
    ...(metric && { metric }),
  });
  trained.push(sae);
  return sae;
}

const reconstruction = async (sae: SparseAutoencoder, rows = x): Promise<Matrix> =>
  sae.decode(await sae.encode(rows));

async function errorsOf(sae: SparseAutoencoder, rows = x): Promise<Matrix> {
  const y = await reconstruction(sae, rows);
  return matrix(
    rows.rows,
    rows.columns,
    y.data.map((v, i) => v - (rows.data[i] as number)),
  );
}

const furthest = (a: Matrix, b: Matrix): number =>
  a.data.reduce((most, v, i) => Math.max(most, Math.abs(v - (b.data[i] as number))), 0);

const trainable: readonly Partial<SaeTrainingSettings>[] = [
  { kind: 'relu', resampleTokens: 700 },
  { kind: 'gated', resampleTokens: 700 },
  { kind: 'topk' },
  { kind: 'batchtopk' },
  { kind: 'jumprelu' },
  { kind: 'matryoshka' },
];

describe.each(trainable)('training $kind by a metric', (settings) => {
  test('that is the identity changes no bit', async () => {
    const plain = await train({ settings });
    const byIdentity = await train({ settings, metric: multipleOfIdentity(D) });
    expect(byIdentity.weights).toEqual(plain.weights);
  });

  test('that is a multiple of the identity changes nothing but rounding', async () => {
    const plain = await train({ settings });
    const other = await train({ settings, metric: multipleOfIdentity(D, 9) });
    const [y, same] = [await reconstruction(plain), await reconstruction(other)];
    expect(Math.hypot(...y.data)).toBeGreaterThan(1);
    // A feature that is just below its threshold on one side may be above it on the other.
    const far = y.data.filter((v, i) => Math.abs(v - (same.data[i] as number)) > 1e-2).length;
    expect(far / y.data.length).toBeLessThan(0.01);
  });

  test('has a smaller error by it than plain training, and a larger plain one', async () => {
    // Ten units of which the first two count; too few features for all.
    const metric = diagonal([50, 50, ...new Array<number>(8).fill(0.05)]);
    const rows = normalMatrix(400, 10, 2);
    const asked = { rows, dSae: 6, settings: { ...settings, k: 2, tokens: 20_000 } };
    const plain = await errorsOf(await train(asked), rows);
    const byMetric = await errorsOf(await train({ ...asked, metric }), rows);
    expect(meanError(byMetric, metric)).toBeLessThan(0.7 * meanError(plain, metric));
    expect(meanError(byMetric)).toBeGreaterThan(meanError(plain));
  });
});

test.each(Object.entries(kinds).filter(([name]) => !['tied', 'crosscoder'].includes(name)))(
  'taking the weights back to plain rows keeps the features of %s',
  async (_, architecture) => {
    const sae = randomSae({ architecture });
    const root = metricRoot(outerProducts(6, 3), 6, architecture);
    const rows = normalMatrix(100, 6, 4);
    const weights = foldRoot(sae.weights, root);
    const folded = createSae({ site: SITE, architecture, weights });
    const [z, expected] = [await folded.encode(rows), await sae.encode(timesRoot(rows, root))];
    expect(expected.data.some((v) => v > 0)).toBe(true);
    expect(furthest(z, expected)).toBeLessThan(1e-4);
    const y = await folded.decode(expected);
    expect(furthest(timesRoot(y, root), await sae.decode(expected))).toBeLessThan(1e-4);
  },
);

test('rows times the root are as long as they count', () => {
  const metric = outerProducts(D, 5);
  const root = metricRoot(metric, D, { kind: 'relu' });
  expect(meanError(timesRoot(x, root))).toBeCloseTo(meanError(x, metric), 3);
});

test('a step reports the mean error by the metric', async () => {
  const settings = parseSettings({ kind: 'relu', l1: 0.5, batchRows: x.rows });
  const kind = kindOf(settings, 24);
  const metric = outerProducts(D, 6);
  const root = metricRoot(metric, D, kind);
  const start = initialWeights(timesRoot(x, root), 24, createRandom(2), true);
  const options = { kind, dIn: D, dSae: 24, batchRows: x.rows, settings, initial: start, root };
  const { graph, state, metrics, toWeights } = buildTrainingGraph(options);
  const session = await createTrainingSession(graph, { state, metrics, threads: 1 });
  const weights = toWeights((name) => session.read(name));
  const sae = createSae({ site: SITE, architecture: kind, weights });
  trained.push(sae);
  const { mse } = await session.step({
    x: { data: x.data, shape: [x.rows, D] },
    learningRate: { data: Float32Array.of(0.01), shape: [] },
    corrections: { data: adamCorrections(1), shape: [2] },
    sparsity: { data: Float32Array.of(1), shape: [] },
  });
  await session.dispose();
  expect((mse as number) / meanError(await errorsOf(sae), metric)).toBeCloseTo(1, 4);
});

test('decoder vectors are all of one length by the metric, that of which rows have sqrt(dIn) on average', async () => {
  const metric = outerProducts(D, 6);
  const { weights } = await train({ settings: { kind: 'relu' }, metric });
  const root = metricRoot(metric, D, { kind: 'relu' });
  const lengths = (rows: Matrix): number[] =>
    Array.from({ length: rows.rows }, (_, r) => norm(row(timesRoot(rows, root), r)));
  const [first = NaN, ...others] = lengths(weights.wDec);
  for (const length of others) expect(length / first).toBeCloseTo(1, 4);
  const mean = lengths(x).reduce((a, b) => a + b, 0) / x.rows;
  // A sample of the rows tells how much longer the metric makes them.
  expect(Math.abs(mean / first / Math.sqrt(D) - 1)).toBeLessThan(0.05);
});

describe('an SAE that was trained by a metric', () => {
  // As many features as units: nothing in the shapes tells which way round the weights are.
  test.each([24, D])(
    'of %i features comes back from a folder with equal features',
    async (dSae) => {
      const metric = outerProducts(D, 7);
      const folder = await mkdtemp(join(tmpdir(), 'feedprint-'));
      try {
        for (const kind of ['batchtopk', 'topk', 'gated'] as const) {
          const sae = await train({ settings: { kind }, metric, dSae });
          await createSaeLensFormat().save(sae, folder);
          const back = await createSaeLensFormat().load(folder);
          trained.push(back);
          expect((await back.encode(x)).data).toEqual((await sae.encode(x)).data);
          expect((await evaluateSae(back, x)).fvu).toBeLessThan(1);
        }
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  );
});

const refusals: readonly [string, Asked, string, RegExp][] = [
  [
    'a tied SAE',
    { settings: { kind: 'tied' }, metric: multipleOfIdentity(D) },
    'config-invalid',
    /kind tied cannot weight errors by a metric/,
  ],
  [
    'a crosscoder',
    { settings: { kind: 'crosscoder' }, metric: multipleOfIdentity(D) },
    'config-invalid',
    /kind crosscoder cannot/,
  ],
  [
    'a metric of another width',
    { metric: multipleOfIdentity(5) },
    'shape-mismatch',
    /\[5, 5\] was given for rows of 8 units/,
  ],
  [
    'one that is not definite',
    { metric: multipleOfIdentity(D, -1) },
    'numbers-invalid',
    /not positive definite/,
  ],
];

test.each(refusals)('refuses %s', async (_, asked, code, says) => {
  await expect(train(asked)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(says) as unknown,
  });
});

test('a training by a metric continues to the same bytes, and not by another', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'feedprint-'));
  try {
    const trainer = createOnnxTrainer({ ...quick, kind: 'batchtopk' });
    const job = (metric?: Matrix): SaeJob => ({
      ...{ name: 'sae', store: storeOf(x), site: SITE, dSae: 24, seed: 4 },
      ...(metric && { metric }),
    });
    const metric = outerProducts(D, 8);
    const [whole] = await trainer.trainAll([job(metric)]);
    const checkpoint = { folder, everyTokens: 400 };
    const control = new AbortController();
    const stopped = trainer.trainAll([job(metric)], {
      checkpoint,
      signal: control.signal,
      onStep: (_, { step }) => step >= 20 && control.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
    for (const other of [outerProducts(D, 9), undefined]) {
      const refused = trainer.trainAll([job(other)], { checkpoint });
      await expect(refused).rejects.toMatchObject({ code: 'run-invalid' });
    }
    const [resumed] = await trainer.trainAll([job(metric)], { checkpoint });
    expect(resumed?.weights).toEqual(whole?.weights);
    await Promise.all([whole?.dispose(), resumed?.dispose()]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** A trainer all of whose SAEs weight errors by one metric. */
const byMetric = (trainer: SaeTrainer, metric: Matrix): SaeTrainer => ({
  ...trainer,
  train: (store, options) => trainer.train(store, { ...options, metric }),
  trainAll: (jobs, run) =>
    trainer.trainAll(
      jobs.map((job) => ({ ...job, metric })),
      run,
    ),
});

const learning = { threads: 1, batchRows: 50, tokens: 20_000, learningRate: 0.05 } as const;

describe('the trainer of kind batchtopk by a metric', () => {
  const make = (): SaeTrainer =>
    byMetric(createOnnxTrainer({ ...learning, kind: 'batchtopk', k: 2 }), outerProducts(16, 10));
  for (const check of saeTrainerConformance(make)) test(check.name, check.run);
});

test('TensorFlow.js learns by a metric what onnxruntime learns', async () => {
  const metric = outerProducts(D, 11);
  const settings = { ...quick, kind: 'relu', tokens: 1500 } as const;
  const options = { site: SITE, dSae: 24, seed: 4, metric };
  const here = await createTfjsTrainer({ ...settings, backend: 'wasm' }).train(storeOf(x), options);
  trained.push(here);
  const there = await train({ settings, metric });
  expect(furthest(here.weights.wDec, there.weights.wDec)).toBeLessThan(1e-3);
});
