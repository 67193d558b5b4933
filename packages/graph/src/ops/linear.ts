import { broadcastShapes, shapeError } from '../tensor.ts';
import type { Dimension, Tensor } from '../tensor.ts';
import { unbroadcast } from './elementwise.ts';
import { transpose } from './shape.ts';

/** Matrix product of the last two axes; leading axes broadcast. `[..., n, k] x [..., k, m] -> [..., n, m]`. */
export function matmul(a: Tensor, b: Tensor): Tensor {
  if (a.shape.length < 2 || b.shape.length < 2 || a.shape.at(-1) !== b.shape.at(-2)) {
    throw shapeError('MatMul', a.shape, b.shape);
  }
  const leading = broadcastShapes('MatMul', a.shape.slice(0, -2), b.shape.slice(0, -2));
  return a.graph.node('MatMul', [a, b], {
    shape: [...leading, a.shape.at(-2) as Dimension, b.shape.at(-1) as Dimension],
    backward: (g) => [
      unbroadcast(matmul(g, swapLast(b)), a.shape),
      unbroadcast(matmul(swapLast(a), g), b.shape),
    ],
  });
}

/** Transposes the last two axes. */
export function swapLast(x: Tensor): Tensor {
  const axes = x.shape.map((_, axis) => axis);
  const last = axes.length - 1;
  return transpose(x, [...axes.slice(0, -2), last, last - 1]);
}
