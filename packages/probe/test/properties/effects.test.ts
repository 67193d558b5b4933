import { createRandom } from '@feedprint/core';
import { expect, test } from '@jest/globals';
import { labelEffects } from '../../src/properties/label-effects.ts';
import { learnedEffect } from '../../src/properties/learned-effects.ts';
import { meanOfGroups } from '../../src/properties/mean-of-groups.ts';
import { regressDifferences } from '../../src/properties/regress-differences.ts';
import { expectAllClose, expectClose, readGolden } from '../golden.ts';

interface Fitted {
  readonly weights: number[];
  readonly errors: number[];
}

const golden = readGolden<{
  readonly groups: number[];
  readonly x: number[][];
  readonly target: number[];
  readonly leastSquares: Fitted;
  readonly mean: { readonly value: number; readonly error: number };
  readonly compared: number[][];
  readonly pairWeights: number[];
  readonly ties: number[];
  readonly labels: Fitted;
}>('property-effects.json');

const columns = (x: readonly number[][]) => x.map((column) => Float64Array.from(column));

test('least squares and its clustered errors are those of statsmodels', () => {
  const fit = regressDifferences(
    columns(golden.x),
    Float64Array.from(golden.target),
    golden.groups,
  );
  expectAllClose(fit.weights, golden.leastSquares.weights, 1e-7);
  expectAllClose(fit.errors, golden.leastSquares.errors, 1e-7);
});

test('a mean and its clustered error are those of statsmodels', () => {
  const { value, error } = meanOfGroups(Float64Array.from(golden.target), golden.groups);
  expectClose(value, golden.mean.value, 1e-10);
  expectClose(error, golden.mean.error, 1e-10);
});

test('effects on labels, with weights and ties, are those of scikit-learn', () => {
  const { weights, errors } = labelEffects(
    {
      differences: columns(golden.compared),
      weights: Float64Array.from(golden.pairWeights),
      ties: Uint8Array.from(golden.ties),
      groups: Int32Array.from(golden.groups),
    },
    [0, 1, 2],
  );
  expectAllClose(weights, golden.labels.weights, 1e-7);
  expectAllClose(errors, golden.labels.errors, 1e-6);
});

test('which of two tied replies is called the preferred one does not matter', () => {
  const ties = Uint8Array.of(1, 0, 0, 1);
  const pairs = { weights: new Float64Array(4).fill(1), ties, groups: Int32Array.of(0, 1, 2, 3) };
  const one = labelEffects({ ...pairs, differences: [Float64Array.of(1, 2, -1, 3)] }, [0]);
  const other = labelEffects({ ...pairs, differences: [Float64Array.of(-1, 2, -1, -3)] }, [0]);
  expect(other.weights[0]).toBeCloseTo(one.weights[0] as number, 10);
});

test('90 % intervals of clustered effects cover the truth as often as they say', () => {
  const covered = { labels: 0, learned: 0 };
  const runs = 200;
  for (let run = 0; run < runs; run++) {
    const random = createRandom(run);
    const n = 300;
    const groups = Int32Array.from({ length: n }, (_, i) => Math.floor(i / 2));
    const shared = Float64Array.from({ length: n / 2 }, () => random.normal());
    const ofGroup = (i: number): number => shared[Math.floor(i / 2)] as number;
    const x = Float64Array.from({ length: n }, (_, i) => random.normal() + ofGroup(i));
    const ratios = x.map((value, i) => 2 * value + ofGroup(i) * random.normal());
    const learned = learnedEffect({ base: [x], moved: [x], ratios, prompts: groups }, 0, []);
    covered.learned += Number(contains(learned.effect.value, learned.effect.error, 2));
    const compared = x.map((value) =>
      random.next() < 1 / (1 + Math.exp(-0.5 * value)) ? value : -value,
    );
    const pairs = { weights: new Float64Array(n).fill(1), ties: new Uint8Array(n), groups };
    const { weights, errors } = labelEffects({ ...pairs, differences: [compared] }, [0]);
    covered.labels += Number(contains(weights[0] as number, errors[0] as number, 0.5));
  }
  for (const count of [covered.labels, covered.learned]) {
    expect(count / runs).toBeGreaterThan(0.85);
    expect(count / runs).toBeLessThan(0.95);
  }
});

const contains = (value: number, error: number, truth: number): boolean =>
  Math.abs(value - truth) < 1.645 * error;
