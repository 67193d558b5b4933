import { expect } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import { Graph, gradients, mul, reduceSum } from '../../src/index.ts';
import type { Case } from './differentiable.ts';

type Four = Parameters<Case['build']>;

/** A weighted sum of what a case builds, and the gradients of it. */
export function lossOf({ shapes, build }: Case) {
  const graph = new Graph();
  const inputs = shapes.map((shape, i) => graph.input(`x${i}`, 'float32', shape));
  const y = build(...(inputs as unknown as Four));
  const size = y.shape.reduce<number>((p, d) => p * Number(d), 1);
  const weights = Float32Array.from({ length: size }, (_, i) => Math.sin(i + 1));
  const weighted = mul(y, graph.constant(weights, y.shape as number[]));
  const loss = reduceSum(
    weighted,
    y.shape.map((_, axis) => axis),
  );
  return { graph, loss, slopes: gradients(loss, inputs) };
}

export function inputsOf({ shapes, positive, seed = 3 }: Case): Float32Array<ArrayBuffer>[] {
  const random = createRandom(seed);
  return shapes.map((shape) =>
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () =>
      positive ? 0.5 + random.next() : 0.2 + random.normal(),
    ),
  );
}

/** The largest difference, in units of the expected number where that is above 1. */
export const worst = (actual: readonly number[], expected: readonly number[]): number => {
  expect(actual.length).toBe(expected.length);
  return Math.max(
    ...actual.map((value, i) => {
      const goal = expected[i] as number;
      return Math.abs(value - goal) / Math.max(1, Math.abs(goal));
    }),
  );
};
