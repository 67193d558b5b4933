import { expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import { Graph, createSession } from '@feedprint/graph';
import { kthLargest } from '../../src/training/kth-largest.ts';

async function kth(
  data: Float32Array,
  shape: readonly [number, number],
  k: number,
): Promise<number> {
  const graph = new Graph();
  const outputs = { y: kthLargest(graph.input('x', 'float32', shape), k) };
  const session = await createSession(graph, { outputs, threads: 1 });
  const { y } = await session.run({ x: { data, shape } });
  await session.dispose();
  return (y?.data as Float32Array)[0] as number;
}

const normals = (count: number, seed: number): Float32Array => {
  const random = createRandom(seed);
  return Float32Array.from({ length: count }, () => random.normal());
};

test.each([
  ['few of many', 64, 96, 16],
  ['many of many', 64, 96, 3000],
  ['all', 16, 8, 128],
  ['the largest', 32, 32, 1],
  ['of a number of elements without divisors', 13, 17, 5],
])('the k-th largest is exact: %s', async (_, rows, columns, k) => {
  const data = normals(rows * columns, k);
  expect(await kth(data, [rows, columns], k)).toBe(data.slice().sort().at(-k));
});

test('is exact where the largest stand together, or are equal', async () => {
  const together = normals(64 * 64, 1).map((v, i) => (i < 100 ? v + 50 : v));
  expect(await kth(together, [64, 64], 90)).toBe(together.slice().sort().at(-90));
  const equal = normals(64 * 64, 2).map((v) => Math.round(v));
  expect(await kth(equal, [64, 64], 500)).toBe(equal.slice().sort().at(-500));
});

test('gives NaN or a number, not a failure, for a NaN', async () => {
  const data = normals(64 * 64, 3).fill(NaN, 7, 8);
  await expect(kth(data, [64, 64], 20)).resolves.toEqual(expect.any(Number));
  await expect(kth(data.fill(NaN), [64, 64], 20)).resolves.toEqual(expect.any(Number));
});
