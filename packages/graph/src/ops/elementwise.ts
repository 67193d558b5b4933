import { FeedprintError } from '@feedprint/core';
import { toTensors } from '../graph.ts';
import { broadcastShapes, sameShape, shapeError } from '../tensor.ts';
import type { DataType, Operand, Shape, Tensor } from '../tensor.ts';
import { cast, equal, greater, greaterOrEqual, where } from './logic.ts';
import { reduceSum } from './reduce.ts';
import { reshape } from './shape.ts';

/** Sums a gradient over the axes along which `shape` was broadcast. */
export function unbroadcast(gradient: Tensor, shape: Shape): Tensor {
  const extra = gradient.shape.length - shape.length;
  const axes = gradient.shape
    .map((_, axis) => axis)
    .filter((axis) => axis < extra || (shape[axis - extra] === 1 && gradient.shape[axis] !== 1));
  if (axes.length === 0) return gradient;
  const summed = reduceSum(gradient, axes, axes.length > extra);
  return sameShape(summed.shape, shape) ? summed : reshape(summed, shape);
}

/** Gradients of both operands, in their shapes. */
type BinaryGradients = (gradient: Tensor, a: Tensor, b: Tensor) => readonly [Tensor, Tensor];

/** An operator on two tensors that broadcast. Numbers take the type of the other operand. */
export function binary(
  operation: string,
  x: Operand,
  y: Operand,
  gradients?: BinaryGradients,
  type?: DataType,
): Tensor {
  const [a, b] = operands(x, y);
  if (a.type !== b.type) throw typeError(operation, a, b);
  const shape = broadcastShapes(a.shape, b.shape, () => shapeError(operation, a, b));
  return a.graph.node(operation, [unexpanded(a, b), unexpanded(b, a)], {
    shape,
    type: type ?? a.type,
    sources: [a, b],
    backward: (gradient) => gradients?.(gradient, a, b) ?? [],
  });
}

/** Two tensors; a number becomes a scalar of the other operand's type. */
export function operands(x: Operand, y: Operand): [Tensor, Tensor] {
  if (typeof x === 'number' && typeof y !== 'number') return [scalarLike(x, y), y];
  if (typeof y === 'number' && typeof x !== 'number') return [x, scalarLike(y, x)];
  return toTensors(x, y) as [Tensor, Tensor];
}

function scalarLike(value: number, { graph, type }: Tensor): Tensor {
  if (type === 'int32') return graph.constant(Int32Array.of(value), []);
  if (type === 'int64') return graph.constant(BigInt64Array.of(BigInt(value)), []);
  return graph.scalar(value);
}

/** What `x` was expanded from, where broadcasting against `other` expands it anyway; this saves a pass over memory. */
function unexpanded(x: Tensor, other: Tensor): Tensor {
  const isRepeated = x.node?.operation === 'Expand' && sameShape(x.shape, other.shape);
  return isRepeated && other.node?.operation !== 'Expand' ? (x.node?.inputs[0] as Tensor) : x;
}

const typeError = (operation: string, a: Tensor, b: Tensor): FeedprintError =>
  new FeedprintError({
    code: 'shape-mismatch',
    message: `${operation} needs two tensors of one type, not ${a.name} of ${a.type} and ${b.name} of ${b.type}`,
    remedy: 'cast one of them',
  });

export const add = (a: Operand, b: Operand): Tensor =>
  binary('Add', a, b, (g, x, y) => [unbroadcast(g, x.shape), unbroadcast(g, y.shape)]);

export const sub = (a: Operand, b: Operand): Tensor =>
  binary('Sub', a, b, (g, x, y) => [unbroadcast(g, x.shape), neg(unbroadcast(g, y.shape))]);

export const mul = (a: Operand, b: Operand): Tensor =>
  binary('Mul', a, b, (g, x, y) => [
    unbroadcast(mul(g, y), x.shape),
    unbroadcast(mul(g, x), y.shape),
  ]);

export const div = (a: Operand, b: Operand): Tensor =>
  binary('Div', a, b, (g, x, y) => [
    unbroadcast(div(g, y), x.shape),
    neg(unbroadcast(div(mul(g, x), mul(y, y)), y.shape)),
  ]);

/** a ^ b. The exponent gets a gradient only where the base is positive. */
export const pow = (a: Operand, b: Operand): Tensor =>
  binary('Pow', a, b, (g, x, y) => [
    unbroadcast(mul(g, mul(y, pow(x, sub(y, 1)))), x.shape),
    unbroadcast(mul(g, where(greater(x, 0), mul(pow(x, y), log(x)), 0)), y.shape),
  ]);

/** The larger of two; ties share the gradient. */
export const maximum = (a: Operand, b: Operand): Tensor =>
  binary('Max', a, b, (g, x, y) => chosen(g, x, y));

/** The smaller of two; ties share the gradient. */
export const minimum = (a: Operand, b: Operand): Tensor =>
  binary('Min', a, b, (g, x, y) => chosen(g, neg(x), neg(y)));

function chosen(gradient: Tensor, x: Tensor, y: Tensor): readonly [Tensor, Tensor] {
  const wins = (a: Tensor, b: Tensor): Tensor =>
    mul(add(cast(greater(a, b), 'float32'), cast(greaterOrEqual(a, b), 'float32')), 0.5);
  return [
    unbroadcast(mul(gradient, wins(x, y)), x.shape),
    unbroadcast(mul(gradient, wins(y, x)), y.shape),
  ];
}

/** An operator on one tensor; its gradient follows from the result and the result's gradient. */
export function unary(
  operation: string,
  x: Tensor,
  gradient: (g: Tensor, y: Tensor) => Tensor,
): Tensor {
  const y: Tensor = x.graph.node(operation, [x], {
    shape: x.shape,
    type: x.type,
    backward: (g) => [gradient(g, y)],
  });
  return y;
}

export const neg = (x: Tensor): Tensor => unary('Neg', x, neg);

export const exp = (x: Tensor): Tensor => unary('Exp', x, (g, y) => mul(g, y));

export const log = (x: Tensor): Tensor => unary('Log', x, (g) => div(g, x));

export const sqrt = (x: Tensor): Tensor => unary('Sqrt', x, (g, y) => div(g, mul(y, 2)));

export const abs = (x: Tensor): Tensor => unary('Abs', x, (g) => mul(g, sign(x)));

/** -1, 0 or 1; gradient zero. */
export const sign = (x: Tensor): Tensor =>
  x.graph.node('Sign', [x], { shape: x.shape, type: x.type, backward: () => [] });

/** max(x, 0); the gradient at 0 is 0. */
export const relu = (x: Tensor): Tensor =>
  unary('Relu', x, (g, y) => mul(g, cast(greater(y, 0), 'float32')));

export const tanh = (x: Tensor): Tensor => unary('Tanh', x, (g, y) => mul(g, sub(1, mul(y, y))));

/** 1 / (1 + exp(-x)) */
export const sigmoid = (x: Tensor): Tensor =>
  unary('Sigmoid', x, (g, y) => mul(g, mul(y, sub(1, y))));

/** The error function. */
export const erf = (x: Tensor): Tensor =>
  unary('Erf', x, (g) => mul(g, mul(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI))));

export const sin = (x: Tensor): Tensor => unary('Sin', x, (g) => mul(g, cos(x)));

export const cos = (x: Tensor): Tensor => unary('Cos', x, (g) => neg(mul(g, sin(x))));

/** x clamped between two numbers; the gradient passes where x is unchanged, the limits included. */
export function clip(x: Tensor, min: number, max: number): Tensor {
  const { graph, shape } = x;
  const y: Tensor = graph.node('Clip', [x, graph.scalar(min), graph.scalar(max)], {
    shape,
    backward: (g) => [where(equal(x, y), g, 0)],
  });
  return y;
}
