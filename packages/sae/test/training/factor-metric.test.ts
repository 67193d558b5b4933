import { expect, test } from '@jest/globals';
import { matrix } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { factorMetric } from '../../src/training/factor-metric.ts';
import { outerProducts } from '../support/metrics.ts';

const square = (...data: number[]): Matrix => {
  const d = Math.sqrt(data.length);
  return matrix(d, d, Float32Array.from(data));
};

test('gives the lower triangular root', () => {
  expect([...factorMetric(square(4, 2, 2, 10))]).toEqual([2, 0, 1, 3]);
  const m = outerProducts(9, 4);
  const root = factorMetric(m);
  for (let i = 0; i < 9; i++) {
    for (let j = 0; j < 9; j++) {
      let sum = 0;
      for (let k = 0; k < 9; k++) sum += (root[i * 9 + k] as number) * (root[j * 9 + k] as number);
      expect(sum).toBeCloseTo(m.data[i * 9 + j] as number, 4);
      if (j > i) expect(root[i * 9 + j]).toBe(0);
    }
  }
});

test.each([
  ['not square', matrix(2, 3), 'shape-mismatch', /\[2, 3\] is not square/],
  ['not symmetric', square(1, 0.5, 0, 1), 'numbers-invalid', /not symmetric at \[1, 0\]/],
  [
    'indefinite',
    square(1, 2, 2, 1),
    'numbers-invalid',
    /not positive definite from row 1 on: its pivot there is -3; add/,
  ],
  ['negative', square(-1, 0, 0, -1), 'numbers-invalid', /from row 0 on/],
  ['zero', square(0, 0, 0, 0), 'numbers-invalid', /from row 0 on/],
  ['of too low a rank', square(1, 1, 1, 1), 'numbers-invalid', /from row 1 on/],
  ['not finite', square(1, 0, 0, NaN), 'numbers-invalid', /the metric holds NaN/],
])('refuses a matrix that is %s', (_, m, code, says) => {
  expect(() => factorMetric(m)).toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(says) as unknown }),
  );
});
