import { describe, expect, test } from '@jest/globals';
import {
  cast,
  concat,
  div,
  gather,
  gatherElements,
  greaterOrEqual,
  matmul,
  reduceMax,
  reduceMean,
  reshape,
  sign,
  slice,
  swapLast,
  transpose,
  where,
} from '../src/index.ts';
import type { Tensor } from '../src/index.ts';
import { counted, evaluate } from './support/evaluate.ts';
import type { Fed } from './support/evaluate.ts';

const ids = (...values: number[]): Fed => ({
  data: Int32Array.from(values),
  shape: [values.length],
});

describe('moving values', () => {
  const square = counted([3, 3]);

  test.each<[string, readonly Fed[], (...x: Tensor[]) => Tensor, number[], number[]]>([
    [
      'gather chooses rows, repeats too',
      [square, ids(2, 0, 2)],
      (x, i) => gather(x as Tensor, i as Tensor),
      [6, 7, 8, 0, 1, 2, 6, 7, 8],
      [3, 3],
    ],
    [
      'gather chooses along a later axis',
      [square, ids(2, 0)],
      (x, i) => gather(x as Tensor, i as Tensor, -1),
      [2, 0, 5, 3, 8, 6],
      [3, 2],
    ],
    [
      'gather takes the shape of its indices',
      [square, { data: Int32Array.of(1), shape: [1, 1] }],
      (x, i) => gather(x as Tensor, i as Tensor),
      [3, 4, 5],
      [1, 1, 3],
    ],
    [
      'gatherElements chooses one a row',
      [square, { data: Int32Array.of(2, 0, 1), shape: [3, 1] }],
      (x, i) => gatherElements(x as Tensor, i as Tensor, -1),
      [2, 3, 7],
      [3, 1],
    ],
    [
      'slice takes [start, end) of an axis',
      [square],
      (x) => slice(x as Tensor, -1, 1, 3),
      [1, 2, 4, 5, 7, 8],
      [3, 2],
    ],
    ['slice takes rows', [square], (x) => slice(x as Tensor, 0, 2, 3), [6, 7, 8], [1, 3]],
    [
      'concat joins columns',
      [square, counted([3, 1], 10)],
      (...x) => concat(x as [Tensor, Tensor], 1),
      [0, 1, 2, 10, 3, 4, 5, 11, 6, 7, 8, 12],
      [3, 4],
    ],
    [
      'concat joins rows',
      [counted([1, 2]), counted([2, 2], 5)],
      (...x) => concat(x as [Tensor, Tensor], 0),
      [0, 1, 5, 6, 7, 8],
      [3, 2],
    ],
    [
      'transpose moves axes',
      [counted([1, 2, 3])],
      (x) => transpose(x as Tensor, [2, 0, 1]),
      [0, 3, 1, 4, 2, 5],
      [3, 1, 2],
    ],
    [
      'swapLast keeps leading axes',
      [counted([2, 1, 2])],
      (x) => swapLast(x as Tensor),
      [0, 1, 2, 3],
      [2, 2, 1],
    ],
    [
      'reduceMax keeps the axis when asked to',
      [square],
      (x) => reduceMax(x as Tensor, [1], true),
      [2, 5, 8],
      [3, 1],
    ],
    [
      'reduceMean drops the axis otherwise',
      [square],
      (x) => reduceMean(x as Tensor, [0]),
      [3, 4, 5],
      [3],
    ],
    [
      'sign and where',
      [counted([3], -1)],
      (x) => where(greaterOrEqual(x as Tensor, 1), 7, sign(x as Tensor)),
      [-1, 0, 7],
      [3],
    ],
    [
      'cast cuts towards zero',
      [{ data: Float32Array.of(1.9, -1.9), shape: [2] }],
      (x) => cast(x as Tensor, 'int32'),
      [1, -1],
      [2],
    ],
    ['a number divides as a scalar', [counted([2], 2)], (x) => div(6, x as Tensor), [3, 2], [2]],
  ])('%s', async (_, inputs, build, numbers, shape) => {
    expect(await evaluate(inputs, build)).toEqual({ numbers, shape });
  });
});

describe('lengths known only when the graph runs', () => {
  test('carry a batch of any size through a product', async () => {
    for (const batch of [1, 4]) {
      const x = { ...counted([batch, 2, 3]), declared: ['batch', 'length', 3] };
      const { shape } = await evaluate([x, counted([3, 5])], (a, b) =>
        matmul(a as Tensor, b as Tensor),
      );
      expect(shape).toEqual([batch, 2, 5]);
    }
  });

  test('stay in place when both are kept and the rest is split', async () => {
    const x = { ...counted([2, 1, 6]), declared: ['batch', 'length', 6] };
    const split = await evaluate([x], (t) => reshape(t as Tensor, ['batch', 'length', 2, 3]));
    expect(split).toEqual({ numbers: [...Array(12).keys()], shape: [2, 1, 2, 3] });
  });

  test('cannot change places in a reshape, which is refused when the graph is built', async () => {
    const x = { ...counted([2, 1, 6]), declared: ['batch', 'length', 6] };
    await expect(
      evaluate([x], (t) => reshape(t as Tensor, ['length', 'batch', 6])),
    ).rejects.toThrow(/Reshape does not fit/);
  });

  test('of other names do not fit each other', async () => {
    const a = { ...counted([2, 3]), declared: ['n', 3] };
    const b = { ...counted([2, 3]), declared: ['m', 3] };
    await expect(evaluate([a, b], (s, t) => div(s as Tensor, t as Tensor))).rejects.toThrow(
      'x0 [n, 3] and x1 [m, 3]',
    );
  });
});
