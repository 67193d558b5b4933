import { describe, expect, test } from '@jest/globals';
import { add, matmul, mul, reduceMean, reduceSum, sub } from '@feedprint/graph';
import type { Tensor } from '@feedprint/graph';
import { encodeTensor } from '../../src/architectures/architectures.ts';
import type { Parameter } from '../../src/training/parameters.ts';
import type { SaeTrainingSettings } from '../../src/training/settings.ts';
import { D_IN, D_SAE, ROWS, objectiveUnderTest, slopesOf } from '../support/objectives.ts';
import type { ObjectiveUnderTest } from '../support/objectives.ts';

type Settings = Partial<SaeTrainingSettings>;

/**
 * Central differences of a scalar for some entries of a parameter; NaN where those of half the step say something else, because a
 * feature begins or ceases to be active in between.
 */
async function differences(
  tested: ObjectiveUnderTest,
  loss: Tensor,
  name: string,
  entries: readonly number[],
): Promise<number[]> {
  const { initial } = tested.parameters.find((p) => p.name === name) as Parameter;
  const difference = async (entry: number, step: number): Promise<number> => {
    const at = async (h: number): Promise<number> => {
      const moved = initial.slice();
      moved[entry] = (moved[entry] as number) + h;
      return (await tested.evaluate({ loss }, { [name]: moved }))['loss']?.[0] as number;
    };
    return ((await at(step)) - (await at(-step))) / (2 * step);
  };
  const results: number[] = [];
  for (const entry of entries) {
    const [wide, narrow] = [await difference(entry, 2 ** -8), await difference(entry, 2 ** -9)];
    results.push(Math.abs(wide - narrow) < 0.005 * Math.abs(wide) + 2e-3 ? narrow : NaN);
  }
  return results;
}

/** Fails unless most entries could be compared, and those agree. */
function expectClose(got: readonly number[], expected: readonly number[]): void {
  const smooth = expected.flatMap((v, i) => (Number.isNaN(v) ? [] : [i]));
  expect(smooth.length).toBeGreaterThanOrEqual(expected.length / 2);
  const error = smooth.map((i) => (got[i] as number) - (expected[i] as number));
  const size = Math.hypot(...smooth.map((i) => expected[i] as number));
  expect(size).toBeGreaterThan(0);
  expect(Math.hypot(...error) / size).toBeLessThan(0.01);
}

const evenly = (length: number, count: number): number[] =>
  Array.from({ length: Math.min(length, count) }, (_, i) => Math.floor((i * length) / count));

const exact: readonly (readonly [string, Settings, readonly string[]])[] = [
  ['tied', { kind: 'tied', l1: 0.3 }, ['wDec', 'bEnc', 'bDec']],
  ['relu', { kind: 'relu', l1: 0.3 }, ['wDec', 'wEnc', 'bEnc', 'bDec']],
  // The gates' reconstruction does not train the decoder, so that its gradients are no derivatives of the loss.
  ['gated', { kind: 'gated', l1: 0.3 }, ['wEnc', 'bEnc', 'bGate', 'rMag']],
  ['topk', { kind: 'topk', k: 3 }, ['wDec', 'wEnc', 'bEnc', 'bDec']],
  ['batchtopk', { kind: 'batchtopk', k: 3 }, ['wDec', 'wEnc', 'bEnc', 'bDec']],
  // That of the threshold is estimated, see below.
  ['jumprelu', { kind: 'jumprelu', threshold: 0.2 }, ['wDec', 'wEnc', 'bEnc', 'bDec']],
  [
    'matryoshka',
    { kind: 'matryoshka', k: 3, widths: [0.2, 0.5, 1] },
    ['wDec', 'wEnc', 'bEnc', 'bDec'],
  ],
  ['crosscoder', { kind: 'crosscoder', k: 3 }, ['wDec', 'wEnc', 'bEnc', 'bDec']],
];

describe.each(exact)('the loss of %s', (_, settings, names) => {
  test('has the gradients that central differences give', async () => {
    const tested = objectiveUnderTest(settings, 5);
    const { loss } = tested.objective;
    const slopes = await tested.evaluate(slopesOf(tested, loss, names));
    for (const name of names) {
      const slope = slopes[name] as Float32Array;
      const entries = evenly(slope.length, 12);
      const expected = await differences(tested, loss, name, entries);
      const got = entries.map((entry) => slope[entry] as number);
      expectClose(got, expected);
    }
  });
});

test('topk trains with the features that it encodes, and with the gradients of the dense formula', async () => {
  const tested = objectiveUnderTest({ kind: 'topk', k: 3 }, 2);
  const { inputs, objective } = tested;
  const { sae, x, kind } = inputs;
  const z = encodeTensor(kind, sae, x);
  const error = sub(add(matmul(z, sae.wDec), sae.bDec), x);
  const dense = reduceMean(reduceSum(mul(error, error), [1]), [0]);
  const [sparse, expected] = [
    await tested.evaluate({ loss: objective.loss, ...slopesOf(tested, objective.loss) }),
    await tested.evaluate({ loss: dense, ...slopesOf(tested, dense) }),
  ];
  for (const [name, values] of Object.entries(expected)) {
    const size = Math.hypot(...values);
    const off = Math.hypot(...values.map((v, i) => v - (sparse[name]?.[i] as number)));
    expect(off / size).toBeLessThan(1e-6);
  }
  const { fired, l0, ofZ } = await tested.evaluate({
    fired: objective.fired,
    l0: objective.l0,
    ofZ: z,
  });
  const features = ofZ as Float32Array;
  expect(l0?.[0]).toBeCloseTo(features.filter((v) => v > 0).length / ROWS, 6);
  for (let f = 0; f < D_SAE; f++) {
    const fires = features.some((v, i) => i % D_SAE === f && v > 0);
    expect((fired?.[f] as number) > 0).toBe(fires);
  }
});

/** In f64, from the numbers alone: -(theta / bandwidth) K theta for log theta, through the error and through the count. */
test('the threshold of jumprelu gets the written-out pseudo-gradient', async () => {
  const bandwidth = 0.4;
  const l0 = 0.8;
  const tested = objectiveUnderTest({ kind: 'jumprelu', threshold: 0.3, bandwidth, l0 }, 3);
  const { inputs, objective, parameters } = tested;
  const { slope } = await tested.evaluate({
    slope: slopesOf(tested, objective.loss, ['logThreshold'])['logThreshold'] as Tensor,
  });
  const values = Object.fromEntries(parameters.map(({ name, initial }) => [name, initial]));
  const { wEnc = [], wDec = [], bEnc = [], bDec = [], logThreshold = [] } = values;
  const { data } = (await tested.evaluate({ data: sub(inputs.x, 0) })) as { data: Float32Array };
  const expected = new Float64Array(D_SAE);
  for (let r = 0; r < ROWS; r++) {
    const centred = Array.from(
      { length: D_IN },
      (_, i) => (data[r * D_IN + i] ?? 0) - (bDec[i] ?? 0),
    );
    const pre = Array.from({ length: D_SAE }, (_, f) =>
      centred.reduce((sum, v, i) => sum + v * (wEnc[f * D_IN + i] ?? 0), bEnc[f] ?? 0),
    );
    const theta = Array.from(logThreshold, Math.exp);
    const z = pre.map((v, f) => (v > (theta[f] ?? 0) ? v : 0));
    const error = centred.map(
      (v, i) => z.reduce((sum, zf, f) => sum + zf * (wDec[f * D_IN + i] ?? 0), 0) - v,
    );
    for (let f = 0; f < D_SAE; f++) {
      const t = theta[f] ?? 0;
      if (Math.abs((pre[f] ?? 0) - t) >= bandwidth / 2) continue;
      const byZ = error.reduce((sum, e, i) => sum + (2 * e * (wDec[f * D_IN + i] ?? 0)) / ROWS, 0);
      const byCount = (0.7 * l0) / ROWS;
      expected[f] = (expected[f] ?? 0) - ((t / bandwidth) * byZ + byCount / bandwidth) * t;
    }
  }
  expect(expected.filter((v) => v !== 0).length).toBeGreaterThan(4);
  expected.forEach((v, f) => expect(slope?.[f]).toBeCloseTo(v, 5));
});

const revived: readonly (readonly [string, Settings])[] = [
  ['topk', { kind: 'topk', k: 1 }],
  ['batchtopk', { kind: 'batchtopk', k: 2 }],
  ['matryoshka', { kind: 'matryoshka', k: 2, widths: [0.2, 0.5, 1] }],
  ['crosscoder', { kind: 'crosscoder', k: 2 }],
  ['jumprelu', { kind: 'jumprelu', threshold: 0.5, preAct: 0.5 }],
];

describe.each(revived)('what %s adds to the loss for dead features', (_, settings) => {
  test('teaches them, by its derivative, and no live feature', async () => {
    const tested = objectiveUnderTest(settings, 7);
    const revival = tested.objective.revival as Tensor;
    const { wEnc } = await tested.evaluate(slopesOf(tested, revival, ['wEnc']));
    const dead = (D_SAE - 2) * D_IN;
    expect(wEnc?.subarray(0, dead).every((v) => v === 0)).toBe(true);
    const entries = evenly(2 * D_IN, 12).map((i) => dead + i);
    const expected = await differences(tested, revival, 'wEnc', entries);
    expectClose(
      entries.map((entry) => wEnc?.[entry] as number),
      expected,
    );
  });
});

test.each(['tied', 'relu', 'gated'] as const)('%s has no such addition', (kind) => {
  expect(objectiveUnderTest({ kind, l1: 0.1 }).objective.revival).toBeUndefined();
});

test.each(['topk', 'batchtopk', 'matryoshka', 'crosscoder'] as const)(
  '%s has none with a coefficient of 0',
  (kind) => {
    expect(objectiveUnderTest({ kind, k: 3, auxCoefficient: 0 }).objective.revival).toBeUndefined();
  },
);

test.each(['batchtopk', 'matryoshka', 'crosscoder'] as const)(
  '%s keeps as many features as k rows of them, and its threshold follows the smallest',
  async (kind) => {
    const tested = objectiveUnderTest({ kind, k: 2, tokens: 100_000 }, 4);
    const { l0, running } = tested.objective;
    const values = await tested.evaluate({ l0, threshold: running?.['threshold'] as Tensor });
    expect(values['l0']?.[0]).toBe(2);
    // It was 0.3, and moves by a hundredth of the way.
    expect(values['threshold']?.[0]).not.toBe(0.3);
    expect(Math.abs((values['threshold']?.[0] as number) - 0.3)).toBeLessThan(0.02);
  },
);
