import { describe, expect, test } from '@jest/globals';
import {
  Graph,
  add,
  createSession,
  createTrainingSession,
  exp,
  gradients,
  matmul,
  mul,
  reduceSum,
  sub,
  tanh,
} from '../src/index.ts';
import { serialize } from '../src/serialize.ts';

const vector = (...values: number[]) => ({
  data: Float32Array.from(values),
  shape: [values.length],
});

describe('serialisation', () => {
  const written = (model: Uint8Array): string => Buffer.from(model).toString('latin1');

  test('leaves out nodes, inputs and constants that no output needs', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    const unused = graph.input('unused', 'float32', [2]);
    const table = graph.constant(new Float32Array(600), [600], 'dead.weight');
    tanh(add(unused, reduceSum(table, [0])));
    const { model, external } = serialize(graph, [exp(x)]);
    expect(written(model)).toMatch(/Exp/);
    expect(written(model)).not.toMatch(/Tanh|unused|dead\.weight|ReduceSum/);
    expect(external).toEqual([]);
  });

  test('keeps large constants beside the model, by name and without a copy', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [1, 16]);
    const data = new Float32Array(16 * 17).fill(0.5);
    const { model, external } = serialize(graph, [matmul(x, graph.constant(data, [16, 17], 'w'))]);
    expect(external.map(({ path }) => path)).toEqual(['w']);
    expect(external[0]?.data.buffer).toBe(data.buffer);
    expect(model.byteLength).toBeLessThan(data.byteLength);
  });

  test('gives equal bytes for equal graphs', () => {
    const make = (): Uint8Array => {
      const graph = new Graph();
      return serialize(graph, [mul(graph.input('x', 'float32', ['n']), 3)]).model;
    };
    expect(Buffer.from(make()).equals(Buffer.from(make()))).toBe(true);
  });

  test('of small and large constants computes the same, at the limit too', async () => {
    for (const length of [255, 256, 257, 5000]) {
      const graph = new Graph();
      const x = graph.input('x', 'float32', []);
      const data = Float32Array.from({ length }, (_, i) => i);
      const session = await createSession(graph, {
        outputs: { y: add(graph.constant(data, [length]), x) },
        threads: 1,
      });
      const { y } = await session.run({ x: { data: Float32Array.of(1), shape: [] } });
      expect(Array.from(y?.data ?? [], Number)).toEqual(Array.from(data, (v) => v + 1));
      await session.dispose();
    }
  });

  test('writes a constant once that is used under its name twice', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    const data = Float32Array.of(1, 2);
    const twice = add(add(x, graph.constant(data, [2], 'w')), graph.constant(data, [2], 'w'));
    const session = await createSession(graph, { outputs: { y: twice }, threads: 1 });
    const { y } = await session.run({ x: vector(0, 0) });
    expect(Array.from(y?.data ?? [], Number)).toEqual([2, 4]);
    await session.dispose();
    expect(() => graph.constant(Float32Array.of(9, 9), [2], 'w')).toThrow(/w/);
  });
});

describe('a session', () => {
  test('names the input that was not fed', async () => {
    const graph = new Graph();
    const y = add(graph.input('left', 'float32', [2]), graph.input('right', 'float32', [2]));
    const session = await createSession(graph, { outputs: { y }, threads: 1 });
    await expect(session.run({ left: vector(1, 2) })).rejects.toThrow(
      /input right was not fed; feed all of: left, right/,
    );
    await session.dispose();
  });

  test('gives one tensor under several names', async () => {
    const graph = new Graph();
    const y = exp(graph.input('x', 'float32', [1]));
    const session = await createSession(graph, { outputs: { a: y, b: y }, threads: 1 });
    const { a, b } = await session.run({ x: vector(0) });
    expect([a?.data[0], b?.data[0]]).toEqual([1, 1]);
    await session.dispose();
  });

  test('of a graph that the runtime refuses fails with a FeedprintError', async () => {
    const graph = new Graph();
    const y = graph.node('NoSuchOperator', [graph.input('x', 'float32', [1])], { shape: [1] });
    await expect(createSession(graph, { outputs: { y } })).rejects.toMatchObject({
      name: 'FeedprintError',
      code: 'internal',
    });
  });

  test('for training names the input that was not fed', async () => {
    const graph = new Graph();
    const w = graph.input('w', 'float32', [1]);
    const next = sub(w, graph.input('target', 'float32', [1]));
    const session = await createTrainingSession(graph, {
      state: { w: { current: w, next, initial: Float32Array.of(0) } },
      metrics: { total: reduceSum(next, [0]) },
      threads: 1,
    });
    await expect(session.step({})).rejects.toThrow(/input target was not fed/);
    await session.dispose();
  });
});

test('a gradient through an operator that has none is refused, not left out', () => {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [3]);
  const angles = graph.node('Atan', [x], { shape: [3] });
  const loss = add(reduceSum(angles, [0]), reduceSum(x, [0]));
  expect(() => gradients(loss, [x])).toThrow(/gradient of Atan is not known/);
});
