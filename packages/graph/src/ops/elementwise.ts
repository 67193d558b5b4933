import { toTensors } from '../graph.ts';
import { broadcastShapes } from '../tensor.ts';
import type { DataType, Operand, Shape, Tensor } from '../tensor.ts';
import { reduceSum, reshape } from './shape.ts';

/** Sums a gradient over the axes along which `shape` was broadcast. */
export function unbroadcast(gradient: Tensor, shape: Shape): Tensor {
  const extra = gradient.shape.length - shape.length;
  const axes = gradient.shape
    .map((_, axis) => axis)
    .filter((axis) => axis < extra || (shape[axis - extra] === 1 && gradient.shape[axis] !== 1));
  if (axes.length === 0) return gradient;
  return reshape(reduceSum(gradient, axes, true), shape);
}

type BinaryGradients = (gradient: Tensor, a: Tensor, b: Tensor) => readonly [Tensor, Tensor];

function binary(
  operation: string,
  x: Operand,
  y: Operand,
  gradients?: BinaryGradients,
  type?: DataType,
): Tensor {
  const [a, b] = toTensors(x, y) as [Tensor, Tensor];
  return a.graph.node(operation, [a, b], {
    shape: broadcastShapes(operation, a.shape, b.shape),
    ...(type && { type }),
    ...(gradients && {
      backward: (gradient) => {
        const [da, db] = gradients(gradient, a, b);
        return [unbroadcast(da, a.shape), unbroadcast(db, b.shape)];
      },
    }),
  });
}

export const add = (a: Operand, b: Operand): Tensor => binary('Add', a, b, (g) => [g, g]);

export const sub = (a: Operand, b: Operand): Tensor => binary('Sub', a, b, (g) => [g, neg(g)]);

export const mul = (a: Operand, b: Operand): Tensor =>
  binary('Mul', a, b, (g, x, y) => [mul(g, y), mul(g, x)]);

export const div = (a: Operand, b: Operand): Tensor =>
  binary('Div', a, b, (g, x, y) => [div(g, y), neg(div(mul(g, x), mul(y, y)))]);

/** Boolean; no gradient. */
export const greater = (a: Operand, b: Operand): Tensor =>
  binary('Greater', a, b, undefined, 'bool');

/** Boolean; no gradient. */
export const greaterOrEqual = (a: Operand, b: Operand): Tensor =>
  binary('GreaterOrEqual', a, b, undefined, 'bool');

function unary(operation: string, x: Tensor, gradient: (g: Tensor, y: Tensor) => Tensor): Tensor {
  const y: Tensor = x.graph.node(operation, [x], {
    shape: x.shape,
    backward: (g) => [gradient(g, y)],
  });
  return y;
}

export const neg = (x: Tensor): Tensor => unary('Neg', x, (g) => neg(g));

export const exp = (x: Tensor): Tensor => unary('Exp', x, (g, y) => mul(g, y));

export const log = (x: Tensor): Tensor => unary('Log', x, (g) => div(g, x));

export const sqrt = (x: Tensor): Tensor => unary('Sqrt', x, (g, y) => div(g, mul(y, 2)));

export const abs = (x: Tensor): Tensor => unary('Abs', x, (g) => mul(g, sign(x)));

/** -1, 0 or 1; gradient zero. */
export const sign = (x: Tensor): Tensor =>
  x.graph.node('Sign', [x], { shape: x.shape, backward: () => [] });

/** max(x, 0); the gradient at 0 is 0. */
export const relu = (x: Tensor): Tensor =>
  unary('Relu', x, (g, y) => mul(g, cast(greater(y, 0), 'float32')));

export const tanh = (x: Tensor): Tensor => unary('Tanh', x, (g, y) => mul(g, sub(1, mul(y, y))));

/** `condition ? a : b`, elementwise. No gradient reaches the condition. */
export function where(condition: Tensor, x: Operand, y: Operand): Tensor {
  const [, a, b] = toTensors(condition, x, y) as [Tensor, Tensor, Tensor];
  const shape = broadcastShapes(
    'Where',
    condition.shape,
    broadcastShapes('Where', a.shape, b.shape),
  );
  return condition.graph.node('Where', [condition, a, b], {
    shape,
    type: a.type,
    backward: (g) => [
      undefined,
      unbroadcast(where(condition, g, 0), a.shape),
      unbroadcast(where(condition, 0, g), b.shape),
    ],
  });
}

const onnxType: Record<DataType, number> = { float32: 1, int32: 6, int64: 7, bool: 9 };

/** Changes the type; no gradient passes. */
export const cast = (x: Tensor, type: DataType): Tensor =>
  x.graph.node('Cast', [x], {
    shape: x.shape,
    type,
    attributes: { to: onnxType[type] },
    backward: () => [],
  });
