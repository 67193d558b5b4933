import { expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import {
  Graph,
  adamCorrections,
  createAdam,
  createTrainingSession,
  gradients,
  log,
  matmul,
  mul,
  reduceMean,
  sub,
} from '../src/index.ts';
import type { TrainingSession } from '../src/index.ts';

test('Adam takes the steps of the textbook recurrence', async () => {
  const graph = new Graph();
  const w = graph.input('w', 'float32', [2]);
  const target = graph.constant(Float32Array.of(3, -1), [2]);
  const difference = sub(w, target);
  const loss = reduceMean(mul(difference, difference), [0]);
  const [gradient] = gradients(loss, [w]);
  const corrections = graph.input('corrections', 'float32', [2]);
  const update = createAdam()(graph, w, gradient as NonNullable<typeof gradient>, {
    learningRate: graph.scalar(0.1),
    corrections,
  });
  const session = await createTrainingSession(graph, {
    state: {
      w: { current: w, next: update.next, initial: Float32Array.of(0, 0) },
      ...update.moments,
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

/** w' = w - rate (w - 3), with the loss (w - 3)^2 / 2. */
async function descent(initial: number, variants = false): Promise<TrainingSession> {
  const graph = new Graph();
  const w = graph.input('w', 'float32', [1]);
  const rate = graph.input('rate', 'float32', []);
  const off = sub(w, 3);
  const loss = reduceMean(mul(mul(off, off), 0.5), [0]);
  return createTrainingSession(graph, {
    state: { w: { current: w, next: sub(w, mul(off, rate)), initial: Float32Array.of(initial) } },
    metrics: { loss },
    ...(variants && {
      variants: { double: { next: { w: sub(w, mul(off, mul(rate, 2))) }, metrics: { loss } } },
    }),
    threads: 1,
  });
}

const rate = { rate: { data: Float32Array.of(0.25), shape: [] } };

test('a value that is not finite stops training and is named with its step', async () => {
  const graph = new Graph();
  const w = graph.input('w', 'float32', [1]);
  const logarithm = log(w);
  const loss = reduceMean(logarithm, [0]);
  const session = await createTrainingSession(graph, {
    state: { w: { current: w, next: sub(w, 1), initial: Float32Array.of(0.5) } },
    metrics: { loss },
    threads: 1,
  });
  await session.step({});
  await expect(session.step({})).rejects.toThrow(
    `step 2: loss is NaN; the first tensor that is not finite is ${logarithm.name}`,
  );
  expect(session.read('w')[0]).toBe(-0.5);
  await session.dispose();
});

test('an input or a state that is not finite is named itself', async () => {
  const session = await descent(Infinity);
  await expect(session.step(rate)).rejects.toThrow('the first tensor that is not finite is w;');
  session.write('w', Float32Array.of(1));
  const infinite = { rate: { data: Float32Array.of(Infinity), shape: [] } };
  await session.step(infinite);
  await expect(session.step(rate)).rejects.toThrow('the first tensor that is not finite is w;');
  await session.dispose();
});

test('one tensor may be a metric by two names, and a metric the next state', async () => {
  const graph = new Graph();
  const w = graph.input('w', 'float32', []);
  const next = mul(w, 2);
  const session = await createTrainingSession(graph, {
    state: { w: { current: w, next, initial: Float32Array.of(1) } },
    metrics: { loss: next, mse: next },
    threads: 1,
  });
  expect(await session.step({})).toEqual({ loss: 2, mse: 2 });
  expect(await session.step({})).toEqual({ loss: 4, mse: 4 });
  expect(session.read('w')[0]).toBe(4);
  expect(() => session.read('nothing')).toThrow(/no nothing/);
  await session.dispose();
});

test('a variant takes its own step over the same state', async () => {
  const session = await descent(11, true);
  expect(await session.step(rate)).toEqual({ loss: 32 });
  expect(session.read('w')[0]).toBe(9);
  await session.step(rate, 'double');
  expect(session.read('w')[0]).toBe(6);
  await session.step(rate);
  expect(session.read('w')[0]).toBe(5.25);
  await expect(session.step(rate, 'triple')).rejects.toThrow(/no triple.*double/);
  await session.dispose();
});

test('a state that is written replaces the one that was learned', async () => {
  const session = await descent(11);
  await session.step(rate);
  session.write('w', Float32Array.of(7));
  await session.step(rate);
  expect(session.read('w')[0]).toBe(6);
  await session.dispose();
});

test('a missing input is named', async () => {
  const session = await descent(1);
  await expect(session.step({})).rejects.toThrow(/rate was not fed/);
  await session.dispose();
});

test('memory stays flat over 10,000 steps', async () => {
  const session = await descent(11);
  const rss = async (steps: number): Promise<number> => {
    for (let i = 0; i < steps; i++) await session.step(rate);
    return process.memoryUsage().rss;
  };
  await rss(2000);
  const before = await rss(1);
  const grown = ((await rss(10_000)) - before) / 1e6;
  await session.dispose();
  // A leak of one state set and its wrappers would be about 1 kB a step.
  expect(grown).toBeLessThan(8);
}, 60_000);
