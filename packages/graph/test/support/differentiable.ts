import * as g from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';

/** A differentiable function of up to four f32 tensors. */
export interface Case {
  readonly name: string;
  readonly shapes: readonly (readonly number[])[];
  /** Builds any tensor of the inputs; the test reduces it to a scalar. */
  readonly build: (a: Tensor, b: Tensor, c: Tensor, d: Tensor) => Tensor;
  /** Keeps inputs in a range where the function is smooth. */
  readonly positive?: boolean;
  /** Of the inputs; chosen where the function has kinks so that none is near. */
  readonly seed?: number;
}

const ids = (like: Tensor, shape: readonly number[], ...values: number[]): Tensor =>
  like.graph.constant(BigInt64Array.from(values, BigInt), shape);

const elementwise: readonly Case[] = [
  { name: 'add with broadcast', shapes: [[3, 4], [4]], build: (a, b) => g.add(a, b) },
  { name: 'sub with broadcast', shapes: [[4], [3, 4]], build: (a, b) => g.sub(a, b) },
  {
    name: 'mul with an inner axis of 1',
    shapes: [
      [3, 1],
      [3, 4],
    ],
    build: (a, b) => g.mul(a, b),
  },
  { name: 'mul of both axes', shapes: [[3, 1], [4]], build: (a, b) => g.mul(a, b) },
  { name: 'div', shapes: [[3, 4], [4]], build: (a, b) => g.div(a, b), positive: true },
  {
    name: 'pow of two tensors',
    shapes: [[3, 4], [4]],
    build: (a, b) => g.pow(a, b),
    positive: true,
  },
  { name: 'pow with a fixed exponent', shapes: [[5]], build: (a) => g.pow(a, 3) },
  { name: 'maximum', shapes: [[3, 4], [4]], build: (a, b) => g.maximum(a, b) },
  { name: 'minimum', shapes: [[3, 4], [4]], build: (a, b) => g.minimum(a, b) },
  { name: 'clip', shapes: [[3, 4]], build: (a) => g.clip(a, -0.5, 0.5) },
  { name: 'neg', shapes: [[5]], build: (a) => g.neg(a) },
  { name: 'exp', shapes: [[5]], build: (a) => g.exp(a) },
  { name: 'log', shapes: [[5]], build: (a) => g.log(a), positive: true },
  { name: 'sqrt', shapes: [[5]], build: (a) => g.sqrt(a), positive: true },
  { name: 'abs', shapes: [[6]], build: (a) => g.abs(a) },
  { name: 'relu', shapes: [[6]], build: (a) => g.relu(a) },
  { name: 'tanh', shapes: [[5]], build: (a) => g.tanh(a) },
  { name: 'sigmoid', shapes: [[5]], build: (a) => g.sigmoid(a) },
  { name: 'erf', shapes: [[5]], build: (a) => g.erf(a) },
  { name: 'sin', shapes: [[5]], build: (a) => g.sin(a) },
  { name: 'cos', shapes: [[5]], build: (a) => g.cos(a) },
  {
    name: 'where',
    shapes: [[3, 4], [4]],
    build: (a, b) => g.where(g.greater(a, 0), g.mul(a, 2), b),
  },
  {
    name: 'where by logic of several comparisons',
    shapes: [[3, 4]],
    build: (a) =>
      g.where(g.or(g.and(g.greater(a, -1), g.less(a, 0)), g.not(g.less(a, 1))), g.mul(a, a), 3),
  },
];

const linear: readonly Case[] = [
  {
    name: 'matmul',
    shapes: [
      [3, 4],
      [4, 2],
    ],
    build: (a, b) => g.matmul(a, b),
  },
  { name: 'linear', shapes: [[3, 4], [2, 4], [2]], build: (a, b, c) => g.linear(a, b, c) },
  {
    name: 'linear without bias',
    shapes: [
      [3, 4],
      [2, 4],
    ],
    build: (a, b) => g.linear(a, b),
  },
  {
    name: 'matmul of a batch with a matrix',
    shapes: [
      [2, 3, 4],
      [4, 2],
    ],
    build: (a, b) => g.matmul(a, b),
  },
  {
    name: 'matmul of a matrix with a batch',
    shapes: [
      [3, 4],
      [2, 4, 2],
    ],
    build: (a, b) => g.matmul(a, b),
  },
  {
    name: 'matmul of batches',
    shapes: [
      [2, 1, 3, 4],
      [3, 4, 2],
    ],
    build: (a, b) => g.matmul(a, b),
  },
  { name: 'a tensor used twice', shapes: [[3, 3]], build: (a) => g.matmul(a, g.mul(a, a)) },
  {
    name: 'the sum over the rows of a product',
    shapes: [
      [3, 4],
      [4, 2],
    ],
    build: (a, b) => g.reduceSum(g.matmul(a, b), [0]),
  },
  {
    name: 'the sum over the rows of a product of three, kept',
    shapes: [
      [3, 4],
      [4, 2],
      [2, 5],
    ],
    build: (a, b, c) => g.reduceSum(g.matmul(g.matmul(a, b), c), [0], true),
  },
];

const shapes: readonly Case[] = [
  { name: 'transpose', shapes: [[2, 3, 4]], build: (a) => g.transpose(a, [2, 0, 1]) },
  { name: 'reshape', shapes: [[2, 6]], build: (a) => g.reshape(a, [3, 4]) },
  { name: 'slice of rows', shapes: [[5, 2]], build: (a) => g.slice(a, 0, 1, 4) },
  { name: 'slice of the last axis', shapes: [[2, 2, 5]], build: (a) => g.slice(a, -1, 2, 5) },
  {
    name: 'concat',
    shapes: [
      [2, 3],
      [2, 1],
      [2, 2],
    ],
    build: (a, b, c) => g.concat([a, b, c], 1),
  },
  { name: 'pad', shapes: [[2, 3]], build: (a) => g.pad(a, 1, 2, 1, 7) },
  { name: 'reduceSum', shapes: [[3, 4]], build: (a) => g.reduceSum(a, [0]) },
  {
    name: 'reduceSum of inner axes',
    shapes: [[2, 3, 4, 2]],
    build: (a) => g.reduceSum(a, [1, -1]),
  },
  { name: 'reduceSumSquare', shapes: [[3, 4]], build: (a) => g.reduceSumSquare(a, [1]) },
  {
    name: 'reduceMean keeping the axis',
    shapes: [[3, 4]],
    build: (a) => g.reduceMean(a, [-1], true),
  },
  { name: 'reduceMax', shapes: [[3, 4]], build: (a) => g.reduceMax(a, [1]) },
  {
    name: 'reduceMax of both axes, kept',
    shapes: [[3, 4]],
    build: (a) => g.reduceMax(a, [0, 1], true),
  },
  { name: 'cumSum', shapes: [[3, 4]], build: (a) => g.cumSum(a, 1) },
  { name: 'cumSum from the end', shapes: [[3, 4]], build: (a) => g.cumSum(a, 0, true) },
];

const indices: readonly Case[] = [
  {
    name: 'gather of rows, repeats too',
    shapes: [[4, 3]],
    build: (a) => g.gather(a, ids(a, [5], 2, 0, 2, 3, 2)),
  },
  {
    name: 'gather by a matrix of indices along a middle axis',
    shapes: [[2, 4, 3]],
    build: (a) => g.gather(a, ids(a, [2, 2], 2, 0, 2, 3), 1),
  },
  { name: 'gather of one row', shapes: [[4, 3]], build: (a) => g.gather(a, ids(a, [], 2)) },
  {
    name: 'gatherElements of one a row',
    shapes: [[3, 4]],
    build: (a) => g.gatherElements(a, ids(a, [3, 1], 2, 0, 3), 1),
  },
  {
    name: 'gatherElements with repeats along the first axis',
    shapes: [[3, 2]],
    build: (a) => g.gatherElements(a, ids(a, [3, 2], 2, 0, 2, 1, 0, 1), 0),
  },
  {
    name: 'scatterAdd with repeats',
    shapes: [
      [4, 2],
      [3, 2],
    ],
    build: (a, b) => g.scatterAdd(g.mul(a, a), ids(a, [3], 1, 3, 1), g.mul(b, b)),
  },
  { name: 'topK values', shapes: [[3, 6]], build: (a) => g.topK(a, 2) },
  { name: 'values at the top k', shapes: [[3, 6]], build: (a) => g.mul(a, g.topKMask(a, 3)) },
];

const neural: readonly Case[] = [
  { name: 'softmax', shapes: [[3, 5]], build: (a) => g.softmax(a) },
  { name: 'logSoftmax', shapes: [[3, 5]], build: (a) => g.logSoftmax(a) },
  ...(['halves', 'neighbours'] as const).map((pairs) => ({
    name: `rotary of ${pairs} on part of each head`,
    shapes: [[2, 3, 2, 6]],
    build: (a: Tensor) => {
      const angles = a.graph.constant(
        Float32Array.from({ length: 8 }, (_, i) => i / 3),
        [4, 2],
      );
      const turns = { cos: g.cos(angles), sin: g.sin(angles), places: ids(a, [2, 2], 3, 0, 1, 2) };
      return g.rotary(a, turns, { size: 4, pairs });
    },
  })),
  { name: 'rmsNorm', shapes: [[3, 4], [4]], build: (a, b) => g.rmsNorm(a, b, 1e-2) },
  { name: 'logSigmoid', shapes: [[6]], build: (a) => g.logSigmoid(g.mul(a, 3)) },
  {
    name: 'chosenLogProbs',
    shapes: [[3, 5]],
    build: (a) => g.chosenLogProbs(a, ids(a, [3, 1], 4, 0, 2)),
  },
  { name: 'silu', shapes: [[5]], build: (a) => g.silu(a) },
  {
    name: 'layerNorm',
    shapes: [[2, 3, 5], [5], [5]],
    build: (a, b, c) => g.layerNorm(a, b, c, 1e-2),
  },
  { name: 'gelu', shapes: [[7]], build: (a) => g.gelu(a) },
  { name: 'gelu with tanh', shapes: [[7]], build: (a) => g.gelu(a, 'tanh') },
  {
    name: 'cross entropy',
    shapes: [[3, 5]],
    build: (a) =>
      g.neg(g.reduceMean(g.gatherElements(g.logSoftmax(a), ids(a, [3, 1], 4, 0, 2), -1), [0, 1])),
  },
];

/** Every differentiable operator. */
export const cases: readonly Case[] = [...elementwise, ...linear, ...shapes, ...indices, ...neural];
