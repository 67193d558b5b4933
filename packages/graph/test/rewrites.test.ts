import { describe, expect, test } from '@jest/globals';
import {
  Graph,
  add,
  gradients,
  matmul,
  mul,
  reduceMean,
  reduceSum,
  swapLast,
  transpose,
} from '../src/index.ts';
import type { Tensor } from '../src/index.ts';
import { ancestors } from '../src/serialize.ts';
import { saeLosses } from './support/sae-losses.ts';
import type { Case } from './support/differentiable.ts';

/** Operators that the outputs need. */
const needed = (graph: Graph, outputs: readonly Tensor[]) => ancestors(graph, outputs).nodes;

test('two transposes that cancel leave the tensor itself', () => {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [2, 3, 4]);
  expect(swapLast(swapLast(x))).toBe(x);
  expect(transpose(transpose(x, [2, 0, 1]), [1, 2, 0])).toBe(x);
  expect(transpose(transpose(x, [2, 0, 1]), [2, 0, 1]).shape).toEqual([3, 4, 2]);
});

describe('the gradients of a dense SAE', () => {
  const { shapes, build } = saeLosses[0] as Case;
  const graph = new Graph();
  const weights = shapes.map((shape, i) => graph.input(`w${i}`, 'float32', shape));
  const loss = build(...(weights as unknown as Parameters<Case['build']>));
  const nodes = needed(graph, [loss, ...gradients(loss, weights)]);

  test('take five products of all rows, and one of a single row for the decoder bias', () => {
    const products = nodes.filter(({ operation }) => operation === 'MatMul');
    const oneRow = products.filter(({ inputs }) => inputs[0]?.shape[0] === 1);
    expect(products.length - oneRow.length).toBe(5);
    expect(oneRow).toHaveLength(1);
  });
});

test('the sum over the rows of a product never makes the product', () => {
  const graph = new Graph();
  const a = graph.input('a', 'float32', ['n', 3]);
  const b = graph.input('b', 'float32', [3, 2]);
  for (const keep of [false, true]) {
    const sum = reduceSum(matmul(a, b), [0], keep);
    expect(sum.shape).toEqual(keep ? [1, 2] : [2]);
    const products = needed(graph, [sum]).filter(({ operation }) => operation === 'MatMul');
    expect(products.map(({ inputs }) => inputs[0]?.shape)).toEqual([[1, 3]]);
  }
});

test('a repeated tensor is not written out where broadcasting repeats it', () => {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [8, 4]);
  const [slope] = gradients(reduceMean(reduceSum(mul(x, x), [1]), [0]), [x]) as [Tensor];
  const wide = needed(graph, [add(slope, x)]).filter(({ operation }) => operation === 'Expand');
  expect(wide.every(({ inputs }) => inputs[0]?.shape.length === 1)).toBe(true);
});
