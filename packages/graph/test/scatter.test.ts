import { expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import {
  Graph,
  add,
  createTrainingSession,
  gradients,
  matmul,
  mul,
  reduceSum,
  relu,
  sparseMatmul,
  sub,
  swapLast,
  topKMask,
  topKProjection,
} from '../src/index.ts';
import type { Tensor } from '../src/index.ts';

const [ROWS, WIDTH, COLUMNS, K] = [2048, 256, 64, 8];

const normal = (length: number, seed: number): Float32Array => {
  const random = createRandom(seed);
  return Float32Array.from({ length }, () => random.normal());
};

const initial = {
  enc: normal(COLUMNS * WIDTH, 2),
  bEnc: normal(COLUMNS, 3),
  dec: normal(COLUMNS * WIDTH, 4),
  bDec: normal(WIDTH, 5),
};

/** One step of plain gradient descent on a TopK autoencoder; its parameters after the step. */
async function stepped(
  encode: (x: Tensor, enc: Tensor, bEnc: Tensor, dec: Tensor) => Tensor,
  threads: number,
): Promise<Record<string, Float32Array>> {
  const graph = new Graph();
  const x = graph.constant(normal(ROWS * WIDTH, 1), [ROWS, WIDTH]);
  const enc = graph.input('enc', 'float32', [COLUMNS, WIDTH]);
  const bEnc = graph.input('bEnc', 'float32', [COLUMNS]);
  const dec = graph.input('dec', 'float32', [COLUMNS, WIDTH]);
  const bDec = graph.input('bDec', 'float32', [WIDTH]);
  const error = sub(add(encode(sub(x, bDec), enc, bEnc, dec), bDec), x);
  const loss = mul(reduceSum(mul(error, error), [0, 1]), 1 / ROWS);
  const parameters = { enc, bEnc, dec, bDec };
  const slopes = gradients(loss, Object.values(parameters));
  const state = Object.entries(parameters).map(([name, current], i) => {
    const next = sub(current, mul(slopes[i] as Tensor, 0.01));
    return [name, { current, next, initial: initial[name as keyof typeof initial] }] as const;
  });
  const session = await createTrainingSession(graph, {
    state: Object.fromEntries(state),
    metrics: { loss },
    threads,
  });
  const { loss: value } = await session.step({});
  const after = Object.fromEntries(
    Object.keys(parameters).map((name) => [name, session.read(name).slice()]),
  );
  await session.dispose();
  return { ...after, loss: Float32Array.of(value as number) };
}

const sparse = (x: Tensor, enc: Tensor, bEnc: Tensor, dec: Tensor): Tensor => {
  const top = topKProjection(x, enc, bEnc, K);
  return sparseMatmul({ ...top, values: relu(top.values) }, dec);
};

const dense = (x: Tensor, enc: Tensor, bEnc: Tensor, dec: Tensor): Tensor => {
  const pre = add(matmul(x, swapLast(enc)), bEnc);
  return matmul(mul(relu(pre), topKMask(pre, K)), dec);
};

test('products with k numbers a row have the values and gradients of the dense ones', async () => {
  const [first, second] = [await stepped(sparse, 2), await stepped(dense, 2)];
  for (const name of Object.keys(second)) {
    const expected = second[name] as Float32Array;
    const off = (first[name] as Float32Array).map((value, i) => {
      const reference = expected[i] as number;
      return Math.abs(value - reference) / (1 + Math.abs(reference));
    });
    expect(off.reduce((most, value) => Math.max(most, value), 0)).toBeLessThan(5e-5);
  }
});

test('adding to repeated rows gives the same bits on one thread and on several, every time', async () => {
  const once = await stepped(sparse, 1);
  for (let run = 0; run < 5; run++) expect((await stepped(sparse, 2)).dec).toEqual(once['dec']);
});
