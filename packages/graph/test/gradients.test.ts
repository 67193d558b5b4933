import { describe, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import {
  Graph,
  abs,
  add,
  concat,
  createSession,
  div,
  exp,
  gradients,
  log,
  matmul,
  mul,
  neg,
  reduceMean,
  reduceSum,
  relu,
  reshape,
  softmax,
  sqrt,
  sub,
  tanh,
  transpose,
  where,
  greater,
} from '../src/index.ts';
import type { Tensor } from '../src/index.ts';

interface Case {
  readonly name: string;
  readonly shapes: readonly (readonly number[])[];
  /** Builds any tensor of the inputs; the test reduces it to a scalar. */
  readonly build: (...x: Tensor[]) => Tensor;
  /** Keeps inputs in a range where the function is smooth. */
  readonly positive?: boolean;
}

const pick = (x: Tensor[], i: number): Tensor => x[i] as Tensor;

const cases: readonly Case[] = [
  {
    name: 'add with broadcast',
    shapes: [[3, 4], [4]],
    build: (a, b) => add(pick([a as Tensor], 0), b as Tensor),
  },
  {
    name: 'sub with broadcast',
    shapes: [[4], [3, 4]],
    build: (...x) => sub(pick(x, 0), pick(x, 1)),
  },
  {
    name: 'mul with an inner axis of 1',
    shapes: [
      [3, 1],
      [3, 4],
    ],
    build: (...x) => mul(pick(x, 0), pick(x, 1)),
  },
  {
    name: 'div',
    shapes: [
      [3, 4],
      [3, 4],
    ],
    build: (...x) => div(pick(x, 0), pick(x, 1)),
    positive: true,
  },
  { name: 'neg', shapes: [[5]], build: (...x) => neg(pick(x, 0)) },
  { name: 'exp', shapes: [[5]], build: (...x) => exp(pick(x, 0)) },
  { name: 'log', shapes: [[5]], build: (...x) => log(pick(x, 0)), positive: true },
  { name: 'sqrt', shapes: [[5]], build: (...x) => sqrt(pick(x, 0)), positive: true },
  { name: 'abs', shapes: [[6]], build: (...x) => abs(pick(x, 0)), positive: true },
  { name: 'relu', shapes: [[6]], build: (...x) => relu(add(pick(x, 0), 0.05)) },
  { name: 'tanh', shapes: [[5]], build: (...x) => tanh(pick(x, 0)) },
  { name: 'softmax', shapes: [[3, 5]], build: (...x) => softmax(pick(x, 0)) },
  {
    name: 'where',
    shapes: [[3, 4], [4]],
    build: (...x) => where(greater(pick(x, 0), 0), mul(pick(x, 0), 2), pick(x, 1)),
  },
  {
    name: 'matmul',
    shapes: [
      [3, 4],
      [4, 2],
    ],
    build: (...x) => matmul(pick(x, 0), pick(x, 1)),
  },
  {
    name: 'matmul of a batch with a matrix',
    shapes: [
      [2, 3, 4],
      [4, 2],
    ],
    build: (...x) => matmul(pick(x, 0), pick(x, 1)),
  },
  { name: 'transpose', shapes: [[2, 3, 4]], build: (...x) => transpose(pick(x, 0), [2, 0, 1]) },
  { name: 'reshape', shapes: [[2, 6]], build: (...x) => reshape(pick(x, 0), [3, 4]) },
  { name: 'reduceSum', shapes: [[3, 4]], build: (...x) => reduceSum(pick(x, 0), [0]) },
  {
    name: 'reduceMean keeping the axis',
    shapes: [[3, 4]],
    build: (...x) => reduceMean(pick(x, 0), [-1], true),
  },
  {
    name: 'a tensor used twice',
    shapes: [[3, 3]],
    build: (...x) => matmul(pick(x, 0), mul(pick(x, 0), pick(x, 0))),
  },
];

/** Inputs, a weighted scalar of the built tensor and its analytic gradients, evaluated in one session. */
async function evaluator({ shapes, build }: Case) {
  const graph = new Graph();
  const inputs = shapes.map((shape, i) => graph.input(`x${i}`, 'float32', shape));
  const y = build(...inputs);
  const size = y.shape.reduce<number>((p, d) => p * Number(d), 1);
  const weights = Float32Array.from({ length: size }, (_, i) => Math.sin(i + 1));
  const weighted = mul(y, graph.constant(weights, y.shape as number[]));
  const loss = reduceSum(
    weighted,
    y.shape.map((_, axis) => axis),
  );
  const grads = gradients(loss, inputs);
  const session = await createSession(graph, {
    outputs: { loss, ...Object.fromEntries(grads.map((g, i) => [`g${i}`, g])) },
    threads: 1,
  });
  return (values: readonly Float32Array[]) =>
    session.run(
      Object.fromEntries(
        values.map((data, i) => [`x${i}`, { data, shape: shapes[i] as number[] }]),
      ),
    );
}

describe('gradients', () => {
  test.each(cases)('of $name agree with central differences', async (item) => {
    const random = createRandom(3);
    const values = item.shapes.map((shape) =>
      Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () =>
        item.positive ? 0.5 + random.next() : 0.2 + random.normal(),
      ),
    );
    const evaluate = await evaluator(item);
    const exact = await evaluate(values);
    const h = 1e-2;
    for (const [i, value] of values.entries()) {
      for (let j = 0; j < value.length; j++) {
        const at = async (delta: number): Promise<number> => {
          const moved = values.map((v) => v.slice());
          (moved[i] as Float32Array)[j] = (value[j] as number) + delta;
          return Number((await evaluate(moved)).loss?.data[0]);
        };
        // Fourth-order central difference, so that f32 noise and truncation both stay below the bound.
        const numeric =
          (8 * ((await at(h)) - (await at(-h))) - ((await at(2 * h)) - (await at(-2 * h)))) /
          (12 * h);
        const analytic = Number(exact[`g${i}`]?.data[j]);
        expect(Math.abs(numeric - analytic)).toBeLessThanOrEqual(
          1e-3 * Math.max(1, Math.abs(analytic)),
        );
      }
    }
  });

  test('of something the loss does not depend on are refused', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    const y = graph.input('y', 'float32', [2]);
    expect(() => gradients(reduceSum(x, [0]), [y])).toThrow(/does not depend on y/);
  });

  test('start from a scalar', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    expect(() => gradients(x, [x])).toThrow(/scalar/);
  });
});

describe('shapes', () => {
  test('that do not fit are refused with both shapes named', () => {
    const graph = new Graph();
    const a = graph.input('a', 'float32', [2, 3]);
    const b = graph.input('b', 'float32', [4, 5]);
    expect(() => matmul(a, b)).toThrow('[2, 3] and [4, 5]');
    expect(() => add(a, b)).toThrow('[2, 3] and [4, 5]');
    expect(concat([a, a], 1).shape).toEqual([2, 6]);
  });
});
