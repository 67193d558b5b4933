import { expect, test } from '@jest/globals';
import { matrix, row } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { divergence } from '../../src/finetune/divergence.ts';
import { softmax } from '../support/plain-model.ts';
import { normalMatrix } from '../support/saes.ts';

const clean = normalMatrix(4, 7, 1, 2);
const changed = normalMatrix(4, 7, 2, 2);

/** By the definition, in f64. */
function expected(a: Matrix, b: Matrix): number {
  let sum = 0;
  for (let r = 0; r < a.rows; r++) {
    const [p, q] = [softmax(row(a, r)), softmax(row(b, r))];
    p.forEach((v, i) => (sum += v * Math.log(v / (q[i] as number))));
  }
  return sum / a.rows;
}

test('is the mean Kullback-Leibler divergence, whatever is added to all logits of a position', () => {
  expect(divergence(clean, changed).mean).toBeCloseTo(expected(clean, changed), 6);
  const shifted = matrix(
    4,
    7,
    changed.data.map((v, i) => v + 300 * Math.floor(i / 7)),
  );
  expect(divergence(clean, shifted).mean).toBeCloseTo(expected(clean, changed), 3);
  expect(divergence(clean, clean).mean).toBeCloseTo(0, 12);
  expect(divergence(clean, clean).cotangents.data.every((v) => v === 0)).toBe(true);
});

test('comes with its gradient, which central differences confirm', () => {
  const { cotangents } = divergence(clean, changed);
  for (const i of [0, 5, 13, 27]) {
    const moved = (step: number): number => {
      const data = changed.data.slice();
      data[i] = (data[i] as number) + step;
      return divergence(clean, matrix(4, 7, data)).mean;
    };
    expect((moved(1e-2) - moved(-1e-2)) / 2e-2).toBeCloseTo(cotangents.data[i] as number, 4);
  }
});

test('leaves out what is impossible, and is infinite for what became so', () => {
  const impossible = matrix(1, 3, Float32Array.of(0, 0, -Infinity));
  expect(divergence(impossible, matrix(1, 3, Float32Array.of(0, 0, 0))).mean).toBeCloseTo(
    Math.log(3 / 2),
    6,
  );
  expect(divergence(matrix(1, 3), impossible).mean).toBe(Infinity);
  expect(divergence(matrix(1, 3), matrix(1, 3, Float32Array.of(NaN, 0, 0))).mean).toBeNaN();
});
