import { describe, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import { gelu, layerNorm, logSoftmax, softmax, topK, topKMask } from '../src/index.ts';
import type { Tensor } from '../src/index.ts';
import { evaluate } from './support/evaluate.ts';

const ROWS = 6;
const COLUMNS = 9;
const random = createRandom(4);
const numbers = (count: number, scale = 1): Float32Array =>
  Float32Array.from({ length: count }, () => scale * random.normal());
const x = numbers(ROWS * COLUMNS, 3);
const shape = [ROWS, COLUMNS];

/** Applies an f64 reference to each row. */
const byRow = (reference: (row: number[]) => number[]): number[] =>
  Array.from({ length: ROWS }, (_, r) =>
    reference([...x.subarray(r * COLUMNS, (r + 1) * COLUMNS)]),
  ).flat();

function expectClose(actual: readonly number[], expected: readonly number[], bound: number): void {
  expect(actual.length).toBe(expected.length);
  const worst = Math.max(...actual.map((value, i) => Math.abs(value - (expected[i] as number))));
  expect(worst).toBeLessThanOrEqual(bound);
}

/** Error function by its Taylor series: exact to 1e-9 for |t| < 4. */
function erf(t: number): number {
  let term = t;
  let sum = t;
  for (let n = 1; n < 120; n++) {
    term *= (-t * t) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

const softmaxOf = (row: number[]): number[] => {
  const weights = row.map((v) => Math.exp(v - Math.max(...row)));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / total);
};

describe('against plain f64 TypeScript', () => {
  test('layerNorm subtracts the mean and divides by the biased standard deviation', async () => {
    const [scale, bias] = [numbers(COLUMNS), numbers(COLUMNS)];
    const actual = await evaluate(
      [
        { data: x, shape },
        { data: scale, shape: [COLUMNS] },
        { data: bias, shape: [COLUMNS] },
      ],
      (...t) => layerNorm(...(t as [Tensor, Tensor, Tensor]), 0.1),
    );
    const expected = byRow((row) => {
      const mean = row.reduce((a, b) => a + b, 0) / COLUMNS;
      const variance = row.reduce((sum, v) => sum + (v - mean) ** 2, 0) / COLUMNS;
      return row.map(
        (v, i) =>
          ((v - mean) / Math.sqrt(variance + 0.1)) * (scale[i] as number) + (bias[i] as number),
      );
    });
    expectClose(actual.numbers, expected, 2e-6);
  });

  test('gelu is x times the normal distribution function', async () => {
    const { numbers: actual } = await evaluate([{ data: x.map((v) => v / 2), shape }], (t) =>
      gelu(t as Tensor),
    );
    const expected = Array.from(x, (v) => (v / 4) * (1 + erf(v / 2 / Math.SQRT2)));
    expectClose(actual, expected, 2e-6);
  });

  test('gelu with tanh is the approximation, not the exact function', async () => {
    const { numbers: actual } = await evaluate([{ data: x, shape }], (t) =>
      gelu(t as Tensor, 'tanh'),
    );
    const inner = (v: number): number => Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3);
    expectClose(
      actual,
      Array.from(x, (v) => 0.5 * v * (1 + Math.tanh(inner(v)))),
      2e-6,
    );
    const { numbers: exact } = await evaluate([{ data: x, shape }], (t) => gelu(t as Tensor));
    expect(Math.max(...exact.map((v, i) => Math.abs(v - (actual[i] as number))))).toBeGreaterThan(
      1e-5,
    );
  });

  test('softmax and its logarithm, over the last axis', async () => {
    const soft = await evaluate([{ data: x, shape }], (t) => softmax(t as Tensor));
    expectClose(soft.numbers, byRow(softmaxOf), 1e-6);
    const logarithm = await evaluate([{ data: x, shape }], (t) => logSoftmax(t as Tensor));
    expectClose(
      logarithm.numbers,
      byRow((row) => softmaxOf(row).map(Math.log)),
      4e-6,
    );
  });

  test('softmax and its logarithm stay finite far from zero', async () => {
    const far = { data: Float32Array.of(1e4, 1e4, -1e4), shape: [1, 3] };
    expect((await evaluate([far], (t) => softmax(t as Tensor))).numbers).toEqual([0.5, 0.5, 0]);
    const { numbers: logs } = await evaluate([far], (t) => logSoftmax(t as Tensor));
    expectClose(logs, [-Math.LN2, -Math.LN2, -20_000 - Math.LN2], 1e-2);
  });
});

describe('top k', () => {
  const ties = { data: Float32Array.of(3, 1, 3, 2, 3, -5, -5, -5, -5, -5), shape: [2, 5] };

  test('gives the largest values of each row, largest first', async () => {
    const expected = byRow((row) => row.sort((a, b) => b - a).slice(0, 4));
    const actual = await evaluate([{ data: x, shape }], (t) => topK(t as Tensor, 4));
    expect(actual).toEqual({ numbers: expected, shape: [ROWS, 4] });
  });

  test('marks exactly k of each row, the first of equals', async () => {
    const { numbers: marked } = await evaluate([ties], (t) => topKMask(t as Tensor, 2));
    expect(marked).toEqual([1, 0, 1, 0, 0, 1, 1, 0, 0, 0]);
  });

  test('marks in every leading axis, of lengths known only when it runs', async () => {
    const fed = { ...ties, shape: [1, 2, 5], declared: ['batch', 'length', 5] };
    const { numbers: marked, shape: got } = await evaluate([fed], (t) => topKMask(t as Tensor, 4));
    expect(marked).toEqual([1, 0, 1, 1, 1, 1, 1, 1, 1, 0]);
    expect(got).toEqual([1, 2, 5]);
  });
});
