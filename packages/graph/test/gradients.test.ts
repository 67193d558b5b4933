import { describe, expect, test } from '@jest/globals';
import type { Scalar } from '@tensorflow/tfjs-core';
import { Graph, createSession, gradients, reduceSum } from '../src/index.ts';
import type { Tensor } from '../src/index.ts';
import { interpret } from '../src/tfjs/index.ts';
import type { TfTensor } from '../src/tfjs/index.ts';
import { cases } from './support/differentiable.ts';
import type { Case } from './support/differentiable.ts';
import { inputsOf, lossOf, worst } from './support/losses.ts';
import { saeLosses } from './support/sae-losses.ts';
import { tf } from './support/tensorflow.ts';

/** Fourth-order central differences, so that f32 noise and truncation both stay below 1e-3. */
async function differences(
  values: readonly Float32Array[],
  evaluate: (values: readonly Float32Array[]) => Promise<number>,
): Promise<number[]> {
  const h = 1e-2;
  const slopes: number[] = [];
  for (const [i, value] of values.entries()) {
    for (const [j, start] of value.entries()) {
      const at = (delta: number): Promise<number> =>
        evaluate(values.map((v, n) => (n === i ? v.with(j, start + delta) : v)));
      const near = (await at(h)) - (await at(-h));
      const far = (await at(2 * h)) - (await at(-2 * h));
      slopes.push((8 * near - far) / (12 * h));
    }
  }
  return slopes;
}

/** Gradients by TensorFlow.js' own differentiation of the loss. */
function autodiff(item: Case, values: readonly Float32Array[]): number[] {
  const { loss } = lossOf(item);
  const { run } = interpret(tf, { loss });
  const of = tf.grads(
    (...x: TfTensor[]) =>
      run(Object.fromEntries(x.map((tensor, i) => [`x${i}`, tensor])))['loss'] as Scalar,
  );
  const inputs = values.map((data, i) => tf.tensor(data, [...(item.shapes[i] as number[])]));
  return of(inputs).flatMap((slope) => [...slope.dataSync()]);
}

describe.each([
  ['of the operator', cases],
  ['of a loss like that of an SAE,', saeLosses],
])('gradients %s', (_, table) => {
  test.each(table)('$name agree with central differences and TensorFlow.js', async (item) => {
    const { graph, loss, slopes } = lossOf(item);
    const outputs = { loss, ...Object.fromEntries(slopes.map((slope, i) => [`g${i}`, slope])) };
    const session = await createSession(graph, { outputs, threads: 1 });
    const feeds = (values: readonly Float32Array[]) =>
      Object.fromEntries(
        values.map((data, i) => [`x${i}`, { data, shape: item.shapes[i] as number[] }]),
      );
    const values = inputsOf(item);
    const results = await session.run(feeds(values));
    const ours = slopes.flatMap((_, i) => Array.from(results[`g${i}`]?.data ?? [], Number));
    const evaluate = async (moved: readonly Float32Array[]): Promise<number> =>
      Number((await session.run(feeds(moved)))['loss']?.data[0]);
    expect(worst(ours, await differences(values, evaluate))).toBeLessThan(1e-3);
    await session.dispose();

    expect(worst(ours, autodiff(item, values))).toBeLessThan(1e-3);
    const interpreted = interpret(tf, outputs).run(feeds(values));
    const theirs = slopes.flatMap((_, i) => [...(interpreted[`g${i}`] as TfTensor).dataSync()]);
    expect(worst(ours, theirs)).toBeLessThan(1e-5);
    const theirLoss = [...(interpreted['loss'] as TfTensor).dataSync()];
    expect(worst([Number(results['loss']?.data[0])], theirLoss)).toBeLessThan(1e-5);
  });
});

test('gradients of something the loss does not depend on are refused', () => {
  const graph = new Graph();
  const [x, y] = ['x', 'y'].map((name) => graph.input(name, 'float32', [2])) as [Tensor, Tensor];
  expect(() => gradients(reduceSum(x, [0]), [y])).toThrow(/does not depend on y/);
});

test('gradients start from a scalar', () => {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [2]);
  expect(() => gradients(x, [x])).toThrow(/scalar/);
});
