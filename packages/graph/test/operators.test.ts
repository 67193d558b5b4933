import { describe, expect, test } from '@jest/globals';
import {
  and,
  argMax,
  clip,
  cos,
  cumSum,
  customGradient,
  equal,
  erf,
  gather,
  gradients,
  greater,
  less,
  maximum,
  minimum,
  mul,
  not,
  or,
  pad,
  pow,
  reduceMax,
  reduceMean,
  reduceSum,
  reduceSumSquare,
  scatterAdd,
  sigmoid,
  sin,
  slice,
  stopGradient,
  topKWithIndices,
  where,
} from '../src/index.ts';
import type { Tensor } from '../src/index.ts';
import { counted, evaluate } from './support/evaluate.ts';
import type { Fed } from './support/evaluate.ts';

const row = (...values: number[]): Fed => ({
  data: Float32Array.from(values),
  shape: [values.length],
});

const ids = (...values: number[]): Fed => ({
  data: BigInt64Array.from(values, BigInt),
  shape: [values.length],
});

const sumAll = (x: Tensor): Tensor =>
  reduceSum(
    x,
    x.shape.map((_, axis) => axis),
  );

describe('values', () => {
  test.each<[string, readonly Fed[], (a: Tensor, b: Tensor) => Tensor, number[]]>([
    ['pow', [row(2, 3), row(3, 0)], pow, [8, 1]],
    ['maximum', [row(1, 5), row(3)], maximum, [3, 5]],
    ['minimum', [row(1, 5), row(3)], minimum, [1, 3]],
    ['clip', [row(-2, 0, 2)], (a) => clip(a, -1, 1.5), [-1, 0, 1.5]],
    [
      'less and greater',
      [row(1, 2, 3)],
      (a) => where(and(greater(a, 1), less(a, 3)), 1, 0),
      [0, 1, 0],
    ],
    [
      'or and not',
      [row(1, 2, 3)],
      (a) => where(not(or(greater(a, 2), less(a, 2))), 1, 0),
      [0, 1, 0],
    ],
    ['equal compares integers with a number', [ids(4, 5)], (a) => where(equal(a, 5), 1, 0), [0, 1]],
    ['integers stay integers', [ids(4, 5)], (a) => mul(a, 3), [12, 15]],
    ['argMax takes the first of equals', [row(1, 3, 3)], (a) => argMax(a, 0), [1]],
    ['cumSum', [row(1, 2, 3)], (a) => cumSum(a, 0), [1, 3, 6]],
    ['cumSum from the end', [row(1, 2, 3)], (a) => cumSum(a, -1, true), [6, 5, 3]],
    ['pad', [row(1, 2)], (a) => pad(a, 0, 1, 2, 9), [9, 1, 2, 9, 9]],
    ['reduceSumSquare', [row(1, 2, 3)], (a) => reduceSumSquare(a, [0]), [14]],
    ['a reduction of no axis changes nothing', [row(1, 2, 3)], (a) => reduceSum(a, []), [1, 2, 3]],
    ['topKWithIndices says where', [row(1, 7, 3)], (a) => topKWithIndices(a, 2).indices, [1, 2]],
    [
      'scatterAdd sums repeats',
      [row(0, 1), ids(1, 1)],
      (a, i) => scatterAdd(a, i, gather(mul(a, 5), i)),
      [0, 11],
    ],
  ])('%s', async (_, inputs, build, numbers) => {
    const result = await evaluate(inputs, (...x) => build(...(x as [Tensor, Tensor])));
    expect(result.numbers).toEqual(numbers);
  });

  test.each<[string, (x: Tensor) => Tensor, (x: number) => number]>([
    ['sigmoid', sigmoid, (x) => 1 / (1 + Math.exp(-x))],
    ['sin', sin, Math.sin],
    ['cos', cos, Math.cos],
  ])('of %s', async (_, build, reference) => {
    const xs = [-30, -2, -0.1, 0, 0.7, 3, 30];
    const { numbers } = await evaluate([row(...xs)], (x) => build(x as Tensor));
    numbers.forEach((value, i) => expect(value).toBeCloseTo(reference(xs[i] as number), 5));
  });

  test('of erf at tabulated points', async () => {
    const { numbers } = await evaluate([row(0, 0.5, -1, 2)], (x) => erf(x as Tensor));
    [0, 0.5204998778, -0.8427007929, 0.995322265].forEach((value, i) =>
      expect(numbers[i]).toBeCloseTo(value, 6),
    );
  });
});

describe('gradients', () => {
  const slopeOf = async (inputs: readonly Fed[], build: (a: Tensor, b: Tensor) => Tensor) => {
    const { numbers } = await evaluate(inputs, (...x) => {
      const [a, b] = x as [Tensor, Tensor];
      return gradients(sumAll(build(a, b)), [a])[0] as Tensor;
    });
    return numbers;
  };

  test('are shared by equal largest elements', async () => {
    expect(await slopeOf([row(1, 4, 4)], (a) => reduceMax(a, [0]))).toEqual([0, 0.5, 0.5]);
    expect(await slopeOf([row(1, 2), row(1, 1)], maximum)).toEqual([0.5, 1]);
    expect(await slopeOf([row(1, 2), row(1, 1)], minimum)).toEqual([0.5, 0]);
  });

  test('pass what clip leaves unchanged, its limits included', async () => {
    expect(await slopeOf([row(-2, -1, 0, 1, 2)], (a) => clip(a, -1, 1))).toEqual([0, 1, 1, 1, 0]);
  });

  test('of a power of 0 are finite', async () => {
    expect(await slopeOf([row(0, 2)], (a) => pow(a, 2))).toEqual([0, 4]);
  });

  test('do not pass where they are stopped', async () => {
    expect(await slopeOf([row(2, 3)], (a) => mul(a, stopGradient(a)))).toEqual([2, 3]);
  });

  test('are the given ones, whatever made the value', async () => {
    const step = (a: Tensor): Tensor =>
      customGradient(where(greater(a, 0), 1, 0), [a], (g) => [mul(g, 7)]);
    expect(await slopeOf([row(-1, 3)], (a) => mul(step(a), 2))).toEqual([14, 14]);
    const { numbers } = await evaluate([row(-1, 3)], (a) => step(a as Tensor));
    expect(numbers).toEqual([0, 1]);
  });

  test('pass axes whose length is known only when the graph runs', async () => {
    const x = { ...counted([4, 2]), declared: ['rows', 2] };
    const inner = (a: Tensor): Tensor => mul(slice(a, 0, 1, 3), 3);
    expect(await slopeOf([x], inner)).toEqual([0, 0, 3, 3, 3, 3, 0, 0]);
    expect(await slopeOf([x], (a) => reduceMean(a, [0, 1]))).toEqual(Array(8).fill(1 / 8));
    expect(await slopeOf([x, ids(3, 0, 3)], (a, i) => gather(a, i))).toEqual([
      1, 1, 0, 0, 0, 0, 2, 2,
    ]);
  });
});
