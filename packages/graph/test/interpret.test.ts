import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import '@tensorflow/tfjs-backend-wasm';
import { FeedprintError } from '@feedprint/core';
import * as g from '../src/index.ts';
import { interpret } from '../src/tfjs/index.ts';
import { cases } from './support/differentiable.ts';
import { inputsOf, lossOf, worst } from './support/losses.ts';
import { saeLosses } from './support/sae-losses.ts';
import { tf } from './support/tensorflow.ts';

const read = (outputs: Record<string, { dataSync(): ArrayLike<number> }>, name: string) =>
  Array.from(outputs[name]?.dataSync() ?? [], Number);

test('takes tensors and plain values, and gives what the graph computes', () => {
  const graph = new g.Graph();
  const x = graph.input('x', 'float32', [2, 3]);
  const at = graph.input('at', 'int64', [2]);
  const { run } = interpret(tf, {
    best: g.argMax(x, 1, true),
    rows: g.gather(x, at),
    mask: g.greaterOrEqual(x, 2),
    whole: g.cast(g.mul(x, 1.5), 'int32'),
    mean: g.reduceMean(x, [0, 1]),
  });
  const results = run({
    x: tf.tensor([0, 1, 2, 5, 4, 3], [2, 3]),
    at: { data: BigInt64Array.of(1n, 1n), shape: [2] },
  });
  expect(read(results, 'best')).toEqual([2, 0]);
  expect(results['best']?.shape).toEqual([2, 1]);
  expect(read(results, 'rows')).toEqual([5, 4, 3, 5, 4, 3]);
  expect(read(results, 'mask')).toEqual([0, 0, 1, 1, 1, 1]);
  expect(read(results, 'whole')).toEqual([0, 1, 3, 7, 6, 4]);
  expect(read(results, 'mean')).toEqual([2.5]);
});

test('takes Adam steps as onnxruntime does', async () => {
  const graph = new g.Graph();
  const w = graph.input('w', 'float32', [3]);
  const loss = g.reduceSum(g.mul(g.mul(w, w), w), [0]);
  const [slope] = g.gradients(loss, [w]) as [g.Tensor];
  const corrections = graph.input('corrections', 'float32', [2]);
  const rates = { learningRate: graph.scalar(0.1), corrections };
  const { next, moments } = g.createAdam()(graph, w, slope, rates);
  const outputs = { w: next, m: moments['m']?.next as g.Tensor, v: moments['v']?.next as g.Tensor };
  const session = await g.createSession(graph, { outputs, threads: 1 });
  const interpreter = interpret(tf, outputs);
  const value = (...data: number[]) => ({ data: Float32Array.from(data), shape: [data.length] });
  const zeros = value(0, 0, 0);
  const start = { w: value(1, -2, 0.5), 'w.m': zeros, 'w.v': zeros, corrections: value(10, 1000) };
  const exact = await session.run(start);
  const ours = interpreter.run(start);
  for (const name of ['w', 'm', 'v']) {
    const expected = Array.from(exact[name]?.data ?? [], Number);
    read(ours, name).forEach((v, i) => expect(v).toBeCloseTo(expected[i] as number, 5));
  }
  await session.dispose();
});

test('leaves out what a condition leaves out, along an axis or of all numbers', () => {
  const graph = new g.Graph();
  const x = graph.input('x', 'float32', [2, 3]);
  const isKept = (...flags: number[]) => graph.constant(Uint8Array.from(flags), [flags.length]);
  const { run } = interpret(tf, {
    all: graph.node('Compress', [x, isKept(0, 1, 0, 1, 1)], { shape: ['kept'] }),
    columns: graph.node('Compress', [x, isKept(1, 0, 1)], {
      shape: [2, 'kept'],
      attributes: { axis: 1 },
    }),
  });
  const results = run({ x: tf.tensor([0, 1, 2, 5, 4, 3], [2, 3]) });
  expect(read(results, 'all')).toEqual([1, 5, 4]);
  expect(read(results, 'columns')).toEqual([0, 2, 5, 3]);
  expect(results['columns']?.shape).toEqual([2, 2]);
});

test('leaves only its outputs and, until it is disposed, its constants', () => {
  const graph = new g.Graph();
  const x = graph.input('x', 'float32', [2, 2]);
  const w = graph.constant(Float32Array.of(1, 2, 3, 4), [2, 2]);
  const y = g.softmax(g.relu(g.matmul(g.swapLast(x), w)));
  const before = tf.memory().numTensors;
  const interpreter = interpret(tf, { y, same: y });
  for (let i = 0; i < 3; i++) {
    const results = interpreter.run({ x: { data: new Float32Array(4), shape: [2, 2] } });
    expect(tf.memory().numTensors).toBe(before + 3);
    tf.dispose(results);
  }
  interpreter.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('takes any length that has a name, and no other shape than the input has', () => {
  const graph = new g.Graph();
  const sum = g.reduceSum(graph.input('x', 'float32', ['rows', 2]), [0, 1]);
  const { run } = interpret(tf, { sum });
  expect(read(run({ x: tf.ones([3, 2]) }), 'sum')).toEqual([6]);
  for (const shape of [[2, 3], [6], [1, 3, 2]]) {
    const wrong = { x: { data: new Float32Array(6), shape } };
    expect(() => run(wrong)).toThrow(`x [rows, 2] and [${shape.join(', ')}]`);
  }
});

test('names the input that was not fed and the operator it does not know', () => {
  const graph = new g.Graph();
  const x = graph.input('x', 'float32', [2]);
  expect(() => interpret(tf, { y: g.neg(x) }).run({})).toThrow(/input x was not fed/);
  const odd = graph.node('Atanh', [x], { shape: [2] });
  expect(() => interpret(tf, { odd })).toThrow(FeedprintError);
  expect(() => interpret(tf, { odd })).toThrow(/Atanh/);
});

describe('the WebAssembly backend computes as onnxruntime does', () => {
  beforeAll(() => tf.setBackend('wasm'));
  afterAll(() => tf.setBackend('cpu'));

  test.each([...cases, ...saeLosses])('$name, with its gradients', async (item) => {
    const { graph, loss, slopes } = lossOf(item);
    const outputs = { loss, ...Object.fromEntries(slopes.map((slope, i) => [`g${i}`, slope])) };
    const values = inputsOf(item);
    const feeds = Object.fromEntries(
      values.map((data, i) => [`x${i}`, { data, shape: item.shapes[i] as number[] }]),
    );
    const session = await g.createSession(graph, { outputs, threads: 1 });
    const expected = await session.run(feeds);
    await session.dispose();
    const results = interpret(tf, outputs).run(feeds);
    for (const name of Object.keys(outputs)) {
      expect(
        worst(read(results, name), Array.from(expected[name]?.data ?? [], Number)),
      ).toBeLessThan(1e-5);
    }
  });
});
