import { expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import {
  Graph,
  adam,
  adamCorrections,
  createTrainingSession,
  gradients,
  log,
  matmul,
  mul,
  reduceMean,
  sub,
} from '../src/index.ts';

test('Adam takes the steps of the textbook recurrence', async () => {
  const graph = new Graph();
  const w = graph.input('w', 'float32', [2]);
  const target = graph.constant(Float32Array.of(3, -1), [2]);
  const difference = sub(w, target);
  const loss = reduceMean(mul(difference, difference), [0]);
  const [gradient] = gradients(loss, [w]);
  const corrections = graph.input('corrections', 'float32', [2]);
  const update = adam(graph, w, gradient as NonNullable<typeof gradient>, {
    learningRate: graph.scalar(0.1),
    corrections,
  });
  const session = await createTrainingSession(graph, {
    state: {
      w: { current: w, next: update.next, initial: Float32Array.of(0, 0) },
      m: update.moments[0],
      v: update.moments[1],
    },
    metrics: { loss },
    threads: 1,
  });

  const expected = [3, -1].map((goal) => ({ goal, w: 0, m: 0, v: 0 }));
  for (let t = 1; t <= 50; t++) {
    await session.step({ corrections: { data: adamCorrections(t), shape: [2] } });
    for (const e of expected) {
      const g = e.w - e.goal;
      e.m = 0.9 * e.m + 0.1 * g;
      e.v = 0.999 * e.v + 0.001 * g * g;
      e.w -= (0.1 * (e.m / (1 - 0.9 ** t))) / (Math.sqrt(e.v / (1 - 0.999 ** t)) + 1e-8);
    }
  }
  const learned = session.read('w');
  expected.forEach(({ w: value }, i) => expect(learned[i]).toBeCloseTo(value, 4));
  await session.dispose();
});

test('large constants reach the runtime and give the exact product', async () => {
  const graph = new Graph();
  const random = createRandom(1);
  const data = Float32Array.from({ length: 64 * 32 }, () => random.normal());
  const x = graph.input('x', 'float32', [1, 64]);
  const y = matmul(x, graph.constant(data, [64, 32]));
  const { createSession } = await import('../src/index.ts');
  const session = await createSession(graph, { outputs: { y }, threads: 1 });
  const input = Float32Array.from({ length: 64 }, (_, i) => (i === 5 ? 2 : 0));
  const { y: result } = await session.run({ x: { data: input, shape: [1, 64] } });
  expect([...(result?.data as Float32Array)]).toEqual(
    [...data.subarray(5 * 32, 6 * 32)].map((v) => 2 * v),
  );
  await session.dispose();
});

test('a value that is not finite stops training and is named with its step', async () => {
  const graph = new Graph();
  const w = graph.input('w', 'float32', [1]);
  const loss = reduceMean(log(w), [0]);
  const session = await createTrainingSession(graph, {
    state: { w: { current: w, next: sub(w, 1), initial: Float32Array.of(0.5) } },
    metrics: { loss },
    threads: 1,
  });
  await session.step({});
  await expect(session.step({})).rejects.toThrow(/step 2: loss is NaN/);
  await session.dispose();
});

test('one tensor may be a metric by two names, and an output that is also the next state', async () => {
  const graph = new Graph();
  const w = graph.input('w', 'float32', [1]);
  const next = mul(w, 2);
  const total = reduceMean(next, [0]);
  const session = await createTrainingSession(graph, {
    state: { w: { current: w, next, initial: Float32Array.of(1) } },
    metrics: { loss: total, mse: total },
    outputs: { doubled: next },
    threads: 1,
  });
  expect(await session.step({})).toEqual({ loss: 2, mse: 2 });
  expect(await session.step({})).toEqual({ loss: 4, mse: 4 });
  expect([session.read('w')[0], session.read('doubled')[0], session.read('mse')[0]]).toEqual([
    4, 4, 4,
  ]);
  expect(() => session.read('nothing')).toThrow(/no nothing/);
  await session.dispose();
});
