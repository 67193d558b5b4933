import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import {
  Graph,
  adamCorrections,
  clipByGlobalNorm,
  clipByValue,
  createAdam,
  createAdamW,
  createSession,
  createSgd,
  createTrainingSession,
  gradients,
  mul,
  reduceSum,
  sub,
} from '../src/index.ts';
import type { Optimizer, Tensor } from '../src/index.ts';

interface Golden {
  readonly start: readonly number[];
  readonly slope: readonly number[];
  readonly pull: readonly number[];
  readonly optimizers: Readonly<Record<string, readonly (readonly number[])[]>>;
  readonly clipped: readonly {
    readonly maxNorm: number;
    readonly norm: number;
    readonly gradients: readonly (readonly number[])[];
  }[];
}

const golden = JSON.parse(
  readFileSync(new URL('./golden/optimizers.json', import.meta.url), 'utf8'),
) as Golden;

interface Trained {
  readonly optimizer: Optimizer;
  readonly learningRate: number;
  readonly corrections?: (t: number) => Float32Array;
}

/** Ten steps from the golden file's start on its loss. */
async function trajectory({
  optimizer,
  learningRate,
  corrections = adamCorrections,
}: Trained): Promise<number[][]> {
  const graph = new Graph();
  const w = graph.input('w', 'float32', [4]);
  const [a, b] = [golden.slope, golden.pull].map((values) =>
    graph.constant(Float32Array.from(values), [4]),
  ) as [Tensor, Tensor];
  const loss = reduceSum(sub(mul(mul(a, mul(w, w)), 0.5), mul(b, w)), [0]);
  const [slope] = gradients(loss, [w]) as [Tensor];
  const { next, moments } = optimizer(graph, w, slope, {
    learningRate: graph.scalar(learningRate),
    corrections: graph.input('corrections', 'float32', [2]),
  });
  const session = await createTrainingSession(graph, {
    state: { w: { current: w, next, initial: Float32Array.from(golden.start) }, ...moments },
    metrics: { loss },
    threads: 1,
  });
  const steps: number[][] = [];
  for (let t = 1; t <= 10; t++) {
    await session.step({ corrections: { data: corrections(t), shape: [2] } });
    steps.push([...session.read('w')]);
  }
  await session.dispose();
  return steps;
}

describe('ten steps as PyTorch takes them', () => {
  const table: readonly (readonly [string, Trained])[] = [
    ['sgd', { optimizer: createSgd(), learningRate: 0.02 }],
    ['sgd with momentum', { optimizer: createSgd({ momentum: 0.9 }), learningRate: 0.02 }],
    [
      'sgd with nesterov momentum and decay',
      {
        optimizer: createSgd({ momentum: 0.8, nesterov: true, weightDecay: 0.1 }),
        learningRate: 0.02,
      },
    ],
    ['adam', { optimizer: createAdam(), learningRate: 0.1 }],
    [
      'adam with other betas and epsilon',
      {
        optimizer: createAdam({ beta1: 0, beta2: 0.99, epsilon: 1e-3 }),
        learningRate: 0.1,
        corrections: (t) => adamCorrections(t, 0, 0.99),
      },
    ],
    ['adamw', { optimizer: createAdamW({ weightDecay: 0.3 }), learningRate: 0.1 }],
  ];

  test.each(table)('%s', async (name, trained) => {
    const steps = await trajectory(trained);
    const expected = golden.optimizers[name] ?? [];
    expect(expected).toHaveLength(10);
    const off = steps.flatMap((step, t) =>
      step.map((value, i) => Math.abs(value - Number(expected[t]?.[i]))),
    );
    expect(Math.max(...off)).toBeLessThan(2e-6);
  });
});

test('Adam makes ten tensors of the size of a parameter', () => {
  const graph = new Graph();
  const made: string[] = [];
  const node = graph.node.bind(graph);
  graph.node = (operation, inputs, options) => {
    if (options.shape[0] === 1000) made.push(operation);
    return node(operation, inputs, options);
  };
  const [w, slope] = ['w', 'slope'].map((name) => graph.input(name, 'float32', [1000]));
  createAdam()(graph, w as Tensor, slope as Tensor, {
    learningRate: graph.input('rate', 'float32', []),
    corrections: graph.input('corrections', 'float32', [2]),
  });
  expect(made).toHaveLength(10);
});

describe('clipping', () => {
  const parts = [
    { data: Float32Array.of(3, -4), shape: [2] },
    { data: Float32Array.of(12, 0.5), shape: [2, 1] },
  ];

  test.each(golden.clipped)('to a norm of $maxNorm as PyTorch', async ({ maxNorm, ...wanted }) => {
    const graph = new Graph();
    const given = parts.map(({ data, shape }) => graph.constant(data, shape));
    const { gradients: clipped, norm } = clipByGlobalNorm(given as [Tensor, ...Tensor[]], maxNorm);
    const outputs = { norm, first: clipped[0] as Tensor, second: clipped[1] as Tensor };
    const session = await createSession(graph, { outputs, threads: 1 });
    const { norm: length, first, second } = await session.run({});
    expect(Number(length?.data[0])).toBeCloseTo(wanted.norm, 5);
    [first, second].forEach((value, i) =>
      Array.from(value?.data ?? [], Number).forEach((v, j) =>
        expect(v).toBeCloseTo(Number(wanted.gradients[i]?.[j]), 6),
      ),
    );
    expect(second?.shape).toEqual([2, 1]);
    await session.dispose();
  });

  test('by value holds each number', async () => {
    const graph = new Graph();
    const [y] = clipByValue([graph.constant(Float32Array.of(3, -4, 0.5), [3])], 2) as [Tensor];
    const session = await createSession(graph, { outputs: { y }, threads: 1 });
    expect(Array.from((await session.run({}))['y']?.data ?? [], Number)).toEqual([2, -2, 0.5]);
    await session.dispose();
  });
});
