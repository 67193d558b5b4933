import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { matrix } from '@feedprint/core';
import type {
  Matrix,
  RunEventInput,
  SaeJob,
  SaeStepMetrics,
  SaeTrainingRun,
  SparseAutoencoder,
} from '@feedprint/core';
import { createOnnxTrainer, evaluateSae, sweepJobs } from '../../src/index.ts';
import { createRowStream } from '../../src/training/row-stream.ts';
import { normalMatrix } from '../support/saes.ts';
import { storeOf } from '../support/stores.ts';

const store = storeOf({ a: normalMatrix(700, 6, 1, 2), b: normalMatrix(700, 4, 2) });
const trainer = createOnnxTrainer({
  threads: 1,
  batchRows: 50,
  tokens: 3000,
  bufferRows: 300,
  deadTokens: 100,
  learningRate: 0.01,
});
const job = (name: string, settings: SaeJob['settings'] = {}): SaeJob => ({
  name,
  store,
  site: 'a',
  dSae: 24,
  seed: 7,
  settings: { k: 3, ...settings },
});

const kinds: Readonly<Record<string, SaeJob['settings']>> = {
  tied: { kind: 'tied', l1: 0.5, resampleTokens: 700 },
  relu: { kind: 'relu', l1: 0.5, resampleTokens: 700, optimizer: 'adamw' },
  gated: { kind: 'gated', l1: 0.5, resampleTokens: 700 },
  topk: { kind: 'topk', auxK: 2 },
  batchtopk: { kind: 'batchtopk', auxK: 2, clipNorm: 1 },
  jumprelu: { kind: 'jumprelu', l0: 0.1 },
  matryoshka: { kind: 'matryoshka', auxK: 2 },
  crosscoder: { kind: 'crosscoder', auxK: 2, optimizer: 'sgd' },
};

/** Trains until after some step, then goes on in another call. */
async function interrupted(
  jobs: readonly SaeJob[],
  stop: number,
  folder: string,
): Promise<Bytes[]> {
  const control = new AbortController();
  const run: SaeTrainingRun = {
    checkpoint: { folder, everyTokens: 400 },
    signal: control.signal,
    onStep: (_, { step }) => {
      if (step >= stop) control.abort();
    },
  };
  await expect(trainer.trainAll(jobs, run)).rejects.toMatchObject({ code: 'cancelled' });
  return bytesOf(await trainer.trainAll(jobs, { checkpoint: { folder, everyTokens: 400 } }));
}

type Bytes = Record<string, Float32Array>;

function bytesOf(saes: readonly SparseAutoencoder[]): Bytes[] {
  return saes.map(({ weights: { wEnc, bEnc, wDec, bDec, extra } }) => ({
    wEnc: wEnc.data,
    bEnc,
    wDec: wDec.data,
    bDec,
    ...extra,
  }));
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feedprint-'));
});
afterEach(() => rm(folder, { recursive: true }));

test.each([
  ['topk', {}],
  ['jumprelu', {}],
  ['relu', { l1: 0.5 }],
] as const)(
  'a kind %s reports the explained variance that the metrics give for the batch, though it sees rows scaled',
  async (kind, further) => {
    const steps: SaeStepMetrics[] = [];
    // A step that changes next to nothing: what is reported is of the weights that come out.
    const rows = { batchRows: 700, bufferRows: 700, shuffleSeed: 5 };
    const still = { kind, tokens: 700, ...rows, learningRate: 1e-12 };
    const [sae] = await trainer.trainAll([job('x', { ...still, ...further })], {
      onStep: (_, metrics) => steps.push(metrics),
    });
    const stream = await createRowStream(store, { ...rows, sites: ['a'], seed: rows.shuffleSeed });
    const batch = (await stream.next()).get('a') as Matrix;
    const measured = await evaluateSae(sae as SparseAutoencoder, batch);
    expect(steps).toHaveLength(1);
    expect(steps[0]?.explainedVariance).toBeCloseTo(measured.explainedVariance, 5);
    expect(steps[0]?.l0).toBeCloseTo(measured.l0, 3);
    expect(Math.abs(measured.explainedVariance)).toBeGreaterThan(0.01);
  },
);

test('metrics come with the share of features that are dead', async () => {
  const events: RunEventInput[] = [];
  const silent = { kind: 'relu', l1: 50, deadTokens: 100 };
  await trainer.trainAll([job('x', silent)], { onEvent: (event) => events.push(event) });
  const last = (name: string): number | undefined =>
    events.findLast((event) => event.type === 'metric' && event.name === name)?.['value' as never];
  expect(last('dead')).toBeGreaterThan(0);
  expect(last('deadShare')).toBe((last('dead') as number) / 24);
});

describe.each(Object.entries(kinds))('training of kind %s', (_, settings) => {
  test('comes out with the same bytes alone, among others, and continued after a stop', async () => {
    const alone = bytesOf(await trainer.trainAll([job('x', settings)]));
    const jobs = [job('y', { k: 5 }), job('x', settings), { ...job('z'), site: 'b', seed: 2 }];
    const among = bytesOf(await trainer.trainAll(jobs));
    expect(among[1]).toEqual(alone[0]);
    expect(await interrupted(jobs, 21, folder)).toEqual(among);
  });
});

describe('a checkpoint', () => {
  const run = (): SaeTrainingRun => ({ checkpoint: { folder, everyTokens: 1000 } });

  test('of a finished training gives its SAEs without another step', async () => {
    const first = bytesOf(await trainer.trainAll([job('x')], run()));
    let steps = 0;
    const again = await trainer.trainAll([job('x')], { ...run(), onStep: () => steps++ });
    expect([bytesOf(again), steps]).toEqual([first, 0]);
  });

  test('is one file, replaced in one rename', async () => {
    await trainer.trainAll([job('x')], run());
    expect(await readdir(join(folder, '0'))).toEqual(['checkpoint.safetensors']);
  });

  test.each([
    ['settings', [job('x', { k: 4 })]],
    ['a seed', [{ ...job('x'), seed: 8 }]],
    ['jobs', [job('x'), job('y')]],
    ['activations', [{ ...job('x'), store: storeOf({ a: normalMatrix(700, 6, 9) }) }]],
  ])('of other %s is refused', async (__, jobs) => {
    await trainer.trainAll([job('x')], run());
    await expect(trainer.trainAll(jobs, run())).rejects.toMatchObject({ code: 'run-invalid' });
  });

  test('that was cut short is refused, with its path', async () => {
    await trainer.trainAll([job('x')], run());
    const path = join(folder, '0', 'checkpoint.safetensors');
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, bytes.length - 40));
    await expect(trainer.trainAll([job('x')], run())).rejects.toThrow(path);
  });
});

test('tells metrics of every job as events', async () => {
  const events: RunEventInput[] = [];
  await trainer.trainAll([job('x'), job('y')], { onEvent: (event) => events.push(event) });
  const last = events.filter((event) => event.type === 'metric' && event.step === 60);
  const named = (name: string): unknown[] =>
    last
      .map((event) => event.type === 'metric' && event.name === name && event.stage)
      .filter(Boolean);
  for (const name of ['loss', 'mse', 'explainedVariance', 'l0', 'dead', 'deadShare'])
    expect(named(name)).toEqual(['x', 'y']);
});

test('tells how fast it is, and how much of the time it waits for rows', async () => {
  let now = 0;
  const slow = {
    ...store,
    read: (...range: Parameters<typeof store.read>) => {
      now += 30;
      return store.read(...range);
    },
  };
  const seen: Record<string, number[]> = { rowsPerSecond: [], waiting: [] };
  await trainer.trainAll([{ ...job('x', { tokens: 300, bufferRows: 50 }), store: slow }], {
    clock: () => (now += 10),
    onEvent: (event) => {
      if (event.type === 'metric') seen[event.name]?.push(event.value);
    },
  });
  expect(seen['waiting']).toHaveLength(6);
  for (const share of seen['waiting'] ?? []) expect(share).toBeGreaterThan(0);
  for (const share of seen['waiting'] ?? []) expect(share).toBeLessThan(1);
  // A step takes three readings of the clock of 10 ms each, and 50 rows.
  expect(Math.max(...(seen['rowsPerSecond'] ?? []))).toBeCloseTo(50 / 0.03, 6);
});

test('refuses two jobs of one name', async () => {
  await expect(trainer.trainAll([job('x'), job('x')])).rejects.toMatchObject({ code: 'usage' });
});

test('a sweep has a job per combination, named by what varies', () => {
  const jobs = sweepJobs(job('x'), { k: [4, 8], dSae: [16, 32], kind: ['batchtopk'] });
  expect(jobs.map(({ name }) => name)).toEqual([
    'k=4,dSae=16',
    'k=4,dSae=32',
    'k=8,dSae=16',
    'k=8,dSae=32',
  ]);
  expect(jobs[1]).toMatchObject({ dSae: 32, seed: 7, settings: { k: 4, kind: 'batchtopk' } });
  expect(sweepJobs(job('x'), {})).toHaveLength(1);
});

test('a sweep over sites refuses a metric, which is of one of them', () => {
  const base = { ...job('x'), metric: matrix(6, 6) };
  expect(sweepJobs(base, { k: [4, 8] }).map(({ metric }) => metric)).toEqual([
    base.metric,
    base.metric,
  ]);
  expect(() => sweepJobs(base, { site: ['a', 'b'] })).toThrow(
    expect.objectContaining({ code: 'usage' }),
  );
});
