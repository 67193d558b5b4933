import { describe, expect, test } from '@jest/globals';
import { matrix, norm, row } from '@feedprint/core';
import { adamCorrections, createSession, createTrainingSession } from '@feedprint/graph';
import type { TrainingSession, Value } from '@feedprint/graph';
import { createSae } from '../../src/index.ts';
import { createReconstructionStatistics } from '../../src/metrics/reconstruction-statistics.ts';
import { kindOf, parseSettings } from '../../src/training/settings.ts';
import type { SaeTrainingSettings } from '../../src/training/settings.ts';
import { buildTrainingGraph } from '../../src/training/training-graph.ts';
import type { TrainingGraph } from '../../src/training/training-graph.ts';
import { SITE, normalMatrix, randomSae } from '../support/saes.ts';

const [dIn, dSae, batchRows] = [6, 12, 32];
const names = [
  'tied',
  'relu',
  'gated',
  'topk',
  'batchtopk',
  'jumprelu',
  'matryoshka',
  'crosscoder',
] as const;

function build(given: Partial<SaeTrainingSettings>): TrainingGraph {
  const settings = parseSettings({ batchRows, k: 3, l1: 0.1, threshold: 0.5, ...given });
  const kind = kindOf(settings, dSae);
  const wDec = normalMatrix(dSae, dIn, 2);
  for (let f = 0; f < dSae; f++) {
    const length = norm(row(wDec, f));
    row(wDec, f).forEach((v, i, values) => (values[i] = v / length));
  }
  const initial = {
    wEnc: normalMatrix(dSae, dIn, 1, 0.4).data,
    wDec: wDec.data,
    bEnc: new Float32Array(dSae),
    bDec: new Float32Array(dIn),
  };
  return buildTrainingGraph({ kind, dIn, dSae, batchRows, settings, initial });
}

const scalar = (value: number): Value => ({ data: Float32Array.of(value), shape: [] });

const feeds = (step: number): Record<string, Value> => ({
  x: { data: normalMatrix(batchRows, dIn, step).data, shape: [batchRows, dIn] },
  learningRate: scalar(0.01),
  corrections: { data: adamCorrections(step), shape: [2] },
  sparsity: scalar(1),
});

const start = ({ graph, state, metrics, variants }: TrainingGraph): Promise<TrainingSession> =>
  createTrainingSession(graph, { state, metrics, variants, threads: 1 });

describe.each(names)('the training graph of %s', (kind) => {
  test('computes the whole state in every variant', () => {
    const { state, variants } = build({ kind });
    for (const variant of Object.values(variants)) {
      expect(Object.keys(variant.next).sort()).toEqual(Object.keys(state).sort());
    }
    expect('aux' in variants).toBe(!['tied', 'relu', 'gated'].includes(kind));
  });

  test('lists its parameters with their moments, of the shapes that they say', () => {
    const { state, parameters } = build({ kind });
    const sizes = { row: dSae * dIn, number: dSae, none: dIn };
    for (const { name, perFeature, moments } of parameters) {
      expect(moments).toEqual([`${name}.m`, `${name}.v`]);
      for (const part of [name, ...moments]) {
        expect(state[part]?.initial.length).toBe(sizes[perFeature]);
      }
    }
    expect(parameters.some(({ name }) => name === 'wEnc')).toBe(kind !== 'tied');
  });

  test('tells how much variance its reconstructions explain as the metrics of SAEs do', async () => {
    const built = build({ kind });
    const session = await start(built);
    const { graph, state, reconstruction } = built;
    const reconstructing = await createSession(graph, { outputs: { reconstruction }, threads: 1 });
    const offset = { ...feeds(3) };
    // Far from zero, where the mean square is not the variance.
    const x = normalMatrix(batchRows, dIn, 3);
    x.data.forEach((v, i) => (x.data[i] = v + (i % dIn)));
    offset['x'] = { data: x.data, shape: [batchRows, dIn] };
    const weights = Object.entries(state).map(([name, { current }]) => [
      current.name,
      { data: session.read(name), shape: current.shape as readonly number[] },
    ]);
    const all = { ...offset, ...(Object.fromEntries(weights) as Record<string, Value>) };
    const { reconstruction: y } = await reconstructing.run(
      Object.fromEntries(reconstructing.inputs.map((name) => [name, all[name] as Value])),
    );
    const statistics = createReconstructionStatistics(dIn);
    statistics.add(x, matrix(batchRows, dIn, y?.data as Float32Array));
    const { mse = NaN, variance = NaN } = await session.step(offset);
    expect(1 - mse / variance).toBeCloseTo(statistics.result().explainedVariance, 5);
    expect(mse / statistics.result().mse).toBeCloseTo(1, 5);
    await reconstructing.dispose();
    await session.dispose();
  });

  test('makes weights of which the SAE has the features that the last step saw', async () => {
    const built = build({ kind, tokens: 10 * batchRows });
    const session = await start(built);
    for (let step = 1; step <= 20; step++) await session.step(feeds(step));
    const weights = built.toWeights((name) => session.read(name));
    const settings = parseSettings({ kind, k: 3 });
    const sae = createSae({
      site: SITE,
      architecture: kindOf(settings, dSae),
      weights,
      threads: 1,
    });
    // A step that changes nothing reports what the weights do.
    const { mse, l0 } = await session.step({ ...feeds(21), learningRate: scalar(0) });
    const x = normalMatrix(batchRows, dIn, 21);
    const z = await sae.encode(x);
    const y = await sae.decode(z);
    const errors = y.data.reduce((sum, v, i) => sum + (v - (x.data[i] as number)) ** 2, 0);
    const active = z.data.filter((v) => v > 0).length;
    const usesThreshold = ['batchtopk', 'matryoshka', 'crosscoder'].includes(kind);
    const tolerance = usesThreshold ? 0.25 : 1e-4;
    expect(Math.abs(errors / batchRows / (mse ?? NaN) - 1)).toBeLessThan(tolerance);
    expect(Math.abs(active / batchRows / (l0 ?? NaN) - 1)).toBeLessThan(tolerance);
    const lengths = Array.from({ length: dSae }, (_, f) => norm(row(weights.wDec, f)));
    const isUnit = lengths.every((length) => Math.abs(length - 1) < 1e-5);
    expect(isUnit).toBe(kind !== 'crosscoder');
    await session.dispose();
  });
});

test('silence is counted in tokens, up to a number that f32 still tells apart, and ends when a feature fires', async () => {
  const built = build({ kind: 'relu', deadTokens: 64 });
  const session = await start(built);
  session.write(
    'bEnc',
    session.read('bEnc').map((v, f) => (f < 2 ? -100 : v)),
  );
  session.write(
    'silent',
    session.read('silent').map((v, f) => (f === 1 ? 2 ** 24 - 5 : f === 2 ? 500 : v)),
  );
  const first = await session.step(feeds(1));
  expect([...session.read('silent').subarray(0, 3)]).toEqual([32, 2 ** 24, 0]);
  expect(first['dead']).toBe(1);
  const second = await session.step(feeds(2));
  expect([...session.read('silent').subarray(0, 3)]).toEqual([64, 2 ** 24, 0]);
  expect(second['dead']).toBe(2);
  await session.dispose();
});

test('the running threshold begins with the first batch, and its weight in a long run is a hundredth', async () => {
  const built = build({ kind: 'batchtopk', tokens: 1_000_000 });
  const session = await start(built);
  expect(session.read('threshold')[0]).toBe(-1);
  expect(built.toWeights((name) => session.read(name)).extra?.['threshold']?.[0]).toBe(0);
  await session.step({ ...feeds(1), learningRate: scalar(0) });
  const first = session.read('threshold')[0] as number;
  expect(first).toBeGreaterThan(0);
  session.write('threshold', Float32Array.of(first + 1));
  await session.step({ ...feeds(1), learningRate: scalar(0) });
  expect(session.read('threshold')[0]).toBeCloseTo(first + 0.99, 5);
  await session.dispose();
});

test.each(['topk', 'batchtopk', 'matryoshka', 'crosscoder', 'jumprelu'] as const)(
  'the auxiliary loss brings dead features of %s back',
  async (kind) => {
    const deadAfter = async (revives: boolean): Promise<number> => {
      const built = build({ kind, deadTokens: 3 * batchRows, preAct: 0.1, l0: 0.1, k: 1 });
      const session = await start(built);
      // Half of the features have pre-activations too small to be chosen.
      const short = (v: number, i: number): number => (i < 6 * dIn ? 0.01 * v : v);
      session.write('wEnc', session.read('wEnc').map(short));
      session.write(
        'bEnc',
        session.read('bEnc').map((_, f) => (f < 6 ? 0 : 0.5)),
      );
      let dead = 0;
      for (let step = 1; step <= 60; step++) {
        const variant = revives && dead > 0 ? 'aux' : undefined;
        dead = (await session.step(feeds(step), variant))['dead'] ?? NaN;
      }
      await session.dispose();
      return dead;
    };
    const [without, revived] = [await deadAfter(false), await deadAfter(true)];
    expect(without).toBeGreaterThanOrEqual(6);
    expect(revived).toBeLessThanOrEqual(without / 2);
  },
);

test('a crosscoder needs a width that its models share', () => {
  expect(() => build({ kind: 'crosscoder', models: 4 })).toThrow(
    expect.objectContaining({ code: 'config-invalid' }),
  );
});

test('the tied SAE of a training has its decoder as its encoder', () => {
  const { toWeights, state } = build({ kind: 'tied' });
  const { wEnc, wDec } = toWeights((name) => state[name]?.initial as Float32Array);
  for (let f = 0; f < dSae; f++) {
    for (let i = 0; i < dIn; i++) expect(wEnc.data[i * dSae + f]).toBe(wDec.data[f * dIn + i]);
  }
  expect(randomSae({ architecture: { kind: 'tied' } }).kind).toBe('tied');
});
