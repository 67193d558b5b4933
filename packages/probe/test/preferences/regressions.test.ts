import { describe, expect, test } from '@jest/globals';
import { matrix } from '@feedprint/core';
import { fitBradleyTerry } from '../../src/preferences/bradley-terry.ts';
import { denseDesign, sparseDesign } from '../../src/preferences/design.ts';
import type { Design } from '../../src/preferences/design.ts';
import { fitDifferenceRidge } from '../../src/preferences/difference-ridge.ts';
import { bradleyTerryErrors, ridgeErrors } from '../../src/preferences/weights-with-errors.ts';
import { expectAllClose, readGolden } from '../golden.ts';

interface Fit {
  readonly l2: number;
  readonly weights: number[];
  readonly errors: number[];
}

const golden = readGolden<{
  readonly x: number[][];
  readonly signs: number[];
  readonly margin: number[];
  readonly bradleyTerry: Fit[];
  readonly ridge: Fit[];
}>('preferences.json');

const [rows, columns] = [golden.x.length, golden.x[0]?.length ?? 0];
const dense = denseDesign(
  matrix(rows, columns, Float32Array.from(golden.x.flat())),
  new Float64Array(columns).fill(1),
);
const entries = golden.x.map((row) =>
  row.flatMap((value, j) => (value === 0 ? [] : [{ value, j }])),
);
const start = new Int32Array(rows + 1);
entries.forEach((row, i) => (start[i + 1] = (start[i] as number) + row.length));
const sparse = sparseDesign({
  rows,
  columns,
  start,
  index: Int32Array.from(entries.flat(), ({ j }) => j),
  value: Float64Array.from(entries.flat(), ({ value }) => value),
});

describe.each([
  ['dense', dense],
  ['sparse', sparse],
] as const)('on %s differences', (_, x: Design) => {
  test.each(golden.ridge)('ridge at $l2 is that of scikit-learn', ({ l2, weights, errors }) => {
    const fitted = fitDifferenceRidge(x, golden.margin, l2);
    expectAllClose(fitted, weights, 1e-9);
    const withErrors = ridgeErrors(x, Float64Array.from(golden.margin), fitted, l2);
    expectAllClose(
      withErrors.map(({ standardError }) => standardError),
      errors,
      1e-9,
    );
    withErrors.forEach(({ value, standardError, interval }) => {
      expect(interval.high - value).toBeCloseTo(1.959964 * standardError, 6);
      expect(value - interval.low).toBeCloseTo(1.959964 * standardError, 6);
    });
  });

  test.each(golden.bradleyTerry)(
    'Bradley-Terry at $l2 is logistic regression of scikit-learn on both orders of each pair',
    ({ l2, weights, errors }) => {
      const fitted = fitBradleyTerry(x, { l2, signs: golden.signs });
      expectAllClose(fitted, weights, 1e-7);
      expectAllClose(
        bradleyTerryErrors(x, fitted, l2).map(({ standardError }) => standardError),
        errors,
        1e-7,
      );
    },
  );

  test('exchanging the replies of a pair and its label changes nothing', () => {
    const kept = Int32Array.from({ length: rows }, (_unused, i) => i);
    const exchanged = denseDesign(
      matrix(
        rows,
        columns,
        Float32Array.from(golden.x.flat(), (value) => -value),
      ),
      new Float64Array(columns).fill(1),
    );
    const signs = golden.signs.map((sign) => -sign);
    expectAllClose(
      fitBradleyTerry(exchanged, { l2: 1, signs }),
      Array.from(fitBradleyTerry(x.take(kept), { l2: 1, signs: golden.signs })),
      1e-9,
    );
  });

  test('separable labels give finite weights', () => {
    const one = x.take([0]);
    const [weights, logit] = [fitBradleyTerry(one, { l2: 1e-3 }), new Float64Array(1)];
    one.times(weights, logit);
    expect(logit[0]).toBeGreaterThan(3);
    expect(weights.every(Number.isFinite)).toBe(true);
  });
});
