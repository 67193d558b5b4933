import { describe, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import type { Random } from '@feedprint/core';
import { robustRegression } from '../src/index.ts';
import { expectAllClose } from './golden.ts';

const PLANTED = [0.7, -1.2, 0.3];

const drawRows = (rows: number, random: Random): number[][] =>
  Array.from({ length: rows }, () => [1, random.normal(), random.normal()]);

const follow = (row: readonly number[]): number =>
  row.reduce((sum, value, j) => sum + value * (PLANTED[j] as number), 0);

describe('robust regression', () => {
  test.each([1, 2, 3])('recovers coefficients beside 20 %% gross outliers (seed %i)', (seed) => {
    const random = createRandom(seed);
    const x = drawRows(400, random);
    const y = x.map((row, i) =>
      i % 5 === 0 ? 30 + 20 * (row[1] as number) : follow(row) + 0.1 * random.normal(),
    );
    const { coefficients, scale } = robustRegression(x, y);
    expectAllClose(coefficients, PLANTED, 0.08);
    // The median of absolute residuals counts the outliers too: 0.1 would be the scale without them.
    expect(scale).toBeGreaterThan(0.09);
    expect(scale).toBeLessThan(0.2);
  });

  test('comes back from least squares that 30 % of outliers on one side bent', () => {
    // From a third of outliers on one side the scale grows with the bend, and nothing comes back.
    const y = Array.from({ length: 100 }, (_, i) => (i % 10 < 3 ? 1000 : Math.sin(i)));
    const { coefficients } = robustRegression(
      y.map(() => [1]),
      y,
    );
    expect(Math.abs(coefficients[0] as number)).toBeLessThan(10);
  });

  test('estimates the standard deviation of normal residuals', () => {
    const random = createRandom(4);
    const x = drawRows(4000, random);
    const { coefficients, scale } = robustRegression(
      x,
      x.map((row) => follow(row) + 0.5 * random.normal()),
    );
    expectAllClose(coefficients, PLANTED, 0.03);
    expect(scale / 0.5).toBeGreaterThan(0.95);
    expect(scale / 0.5).toBeLessThan(1.05);
  });

  test.each([1, 2, 3, 4, 5, 6])('fits exact data exactly (seed %i)', (seed) => {
    const x = drawRows(30, createRandom(seed));
    const { coefficients, scale } = robustRegression(x, x.map(follow));
    expectAllClose(coefficients, PLANTED, 1e-9);
    expect(scale).toBeLessThan(1e-9);
  });

  test('fits exact data of whole numbers, whose residuals can vanish altogether', () => {
    for (let rows = 6; rows < 40; rows++) {
      const x = Array.from({ length: rows }, (_, i) => [1, i % 4, i]);
      const y = x.map(([, a, b]) => 4 + 2 * (a as number) - (b as number));
      expectAllClose(robustRegression(x, y).coefficients, [4, 2, -1], 1e-8);
    }
  });

  test.each([0, 1, 8, -1024])('fits the constant %i by an intercept', (value) => {
    for (const rows of [1, 2, 9, 64]) {
      const { coefficients, scale } = robustRegression(
        Array.from({ length: rows }, () => [1]),
        Array.from({ length: rows }, () => value),
      );
      expectAllClose(coefficients, [value], 1e-9);
      expect(scale).toBeLessThan(1e-6);
    }
  });

  test('moves and scales with the targets', () => {
    const random = createRandom(6);
    const x = drawRows(200, random);
    const y = x.map((row) => follow(row) + random.normal());
    const { coefficients, scale } = robustRegression(x, y);
    const moved = robustRegression(
      x,
      y.map((value) => 3 * value + 5),
    );
    const wanted = Array.from(coefficients, (value, j) => 3 * value + (j === 0 ? 5 : 0));
    expectAllClose(moved.coefficients, wanted, 1e-6);
    expectAllClose([moved.scale], [3 * scale], 1e-6);
  });

  test.each([
    ['columns that repeat', (a: number) => [1, a, a, a]],
    ['columns that are multiples', (a: number) => [1, a, -7.3 * a, 1e-3]],
    ['a column of zeros', (a: number) => [1, a, 0]],
  ])('predicts through %s', (_, toRow: (a: number) => number[]) => {
    const random = createRandom(7);
    const inputs = Array.from({ length: 100 }, () => random.normal());
    const x = inputs.map(toRow);
    const { coefficients } = robustRegression(
      x,
      inputs.map((a) => 2 - 0.5 * a + 0.01 * random.normal()),
    );
    const at = (a: number): number =>
      toRow(a).reduce((sum, value, j) => sum + value * (coefficients[j] as number), 0);
    expectAllClose([at(0), at(2)], [2, 1], 0.02);
  });
});
