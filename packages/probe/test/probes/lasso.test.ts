import { describe, expect, test } from '@jest/globals';
import { createRandom, matrix } from '@feedprint/core';
import { createLasso } from '../../src/index.ts';
import { expectAllClose, expectClose, hasCode, readGolden } from '../golden.ts';

interface Golden {
  readonly rows: number;
  readonly columns: number;
  readonly x: number[];
  readonly y: number[];
  readonly fits: {
    readonly alpha: number;
    readonly weights: number[];
    readonly intercept: number;
  }[];
}

const { lassos } = readGolden<{ lassos: Golden[] }>('tests.json');

describe.each(lassos)('lasso on $rows golden rows of $columns columns', (golden) => {
  const x = matrix(golden.rows, golden.columns, Float32Array.from(golden.x));

  test.each(golden.fits)("has scikit-learn's weights at alpha $alpha", (fit) => {
    const probe = createLasso({ alpha: fit.alpha });
    probe.fit(x, golden.y);
    expectAllClose(probe.weights, fit.weights, 1e-9);
    expectClose(probe.intercept, fit.intercept, 1e-12);
    expect(Array.from(probe.weights, (w) => w === 0)).toEqual(fit.weights.map((w) => w === 0));
  });
});

describe('lasso', () => {
  const random = createRandom(1);
  const x = matrix(60, 30);
  for (let i = 0; i < x.data.length; i++) x.data[i] = random.normal();
  const y = Array.from(
    { length: 60 },
    (_, i) => 3 * (x.data[30 * i + 4] as number) + random.normal(),
  );

  test('names the column that matters and few others, fewer the larger the penalty', () => {
    const named = [0.05, 0.3, 1].map((alpha) => {
      const probe = createLasso({ alpha });
      probe.fit(x, y);
      expect(probe.weights[4]).toBeGreaterThan(1);
      return probe.weights.filter((weight) => weight !== 0).length;
    });
    expect(named[2]).toBe(1);
    expect(named[0]).toBeGreaterThan(named[1] as number);
  });

  test('names none, and predicts the mean, where the penalty exceeds what any column gives', () => {
    const probe = createLasso({ alpha: 100 });
    probe.fit(x, y);
    expect(probe.weights.every((weight) => weight === 0)).toBe(true);
    const mean = y.reduce((sum, value) => sum + value, 0) / 60;
    expect(Array.from(probe.predict(x)).every((value) => Math.abs(value - mean) < 1e-12)).toBe(
      true,
    );
  });

  test('fits with no column that varies', () => {
    const probe = createLasso({ alpha: 0.1 });
    probe.fit(matrix(3, 1, Float32Array.of(2, 2, 2)), [1, 2, 6]);
    expect(Array.from(probe.predict(matrix(1, 1)))).toEqual([3]);
  });

  test.each([0, -1, NaN, Infinity])('refuses the penalty %d', (alpha) => {
    expect(() => createLasso({ alpha })).toThrow(hasCode('config-invalid'));
  });
});
