import { broadcastShapes, sameShape, shapeError } from '../tensor.ts';
import type { Dimension, Tensor } from '../tensor.ts';
import { unbroadcast } from './elementwise.ts';
import { reduceSum } from './reduce.ts';
import { transpose } from './shape.ts';

/** Matrix product of the last two axes; leading axes broadcast. `[..., n, k] x [..., k, m] -> [..., n, m]`. */
export function matmul(a: Tensor, b: Tensor): Tensor {
  const error = () => shapeError('MatMul', a, b);
  if (a.shape.length < 2 || b.shape.length < 2 || a.shape.at(-1) !== b.shape.at(-2)) throw error();
  const leading = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2), error);
  const [rows, columns] = [a.shape.at(-2) as Dimension, b.shape.at(-1) as Dimension];
  const isMatrix = a.shape.length === 2 && b.shape.length === 2;
  return a.graph.node('MatMul', [a, b], {
    shape: [...leading, rows, columns],
    backward: (g) => [
      unbroadcast(matmul(g, swapLast(b)), a.shape),
      unbroadcast(matmul(swapLast(a), g), b.shape),
    ],
    ...(isMatrix && { rowSum: () => matmul(reduceSum(a, [0], true), b) }),
  });
}

/** x W^T + b, as PyTorch's `Linear`: `x` `[rows, in]`, `weight` `[out, in]`, `bias` `[out]` -> `[rows, out]`. */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const [rows, columns] = x.shape;
  const output = weight.shape[0] as Dimension;
  const fits =
    x.shape.length === 2 &&
    weight.shape.length === 2 &&
    weight.shape[1] === columns &&
    (bias === undefined || sameShape(bias.shape, [output]));
  if (!fits) throw shapeError('Gemm', x, weight, ...(bias ? [bias] : []));
  return x.graph.node('Gemm', bias ? [x, weight, bias] : [x, weight], {
    shape: [rows as Dimension, output],
    attributes: { transB: 1 },
    backward: (g) => [
      matmul(g, weight),
      matmul(swapLast(g), x),
      ...(bias ? [reduceSum(g, [0])] : []),
    ],
  });
}

/** Transposes the last two axes. */
export function swapLast(x: Tensor): Tensor {
  const axes = x.shape.map((_, axis) => axis);
  const last = axes.length - 1;
  if (last < 1) throw shapeError('Transpose of the last two axes', x);
  return transpose(x, [...axes.slice(0, -2), last, last - 1]);
}
