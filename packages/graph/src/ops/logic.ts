import { broadcastShapes, onnxTypes, shapeError } from '../tensor.ts';
import type { DataType, Operand, Tensor } from '../tensor.ts';
import { binary, operands, unbroadcast } from './elementwise.ts';

/** Comparisons and logic give bools; no gradient passes through them. */
export const greater = (a: Operand, b: Operand): Tensor =>
  binary('Greater', a, b, undefined, 'bool');

export const greaterOrEqual = (a: Operand, b: Operand): Tensor =>
  binary('GreaterOrEqual', a, b, undefined, 'bool');

export const less = (a: Operand, b: Operand): Tensor => binary('Less', a, b, undefined, 'bool');

export const equal = (a: Operand, b: Operand): Tensor => binary('Equal', a, b, undefined, 'bool');

export const and = (a: Tensor, b: Tensor): Tensor => binary('And', a, b);

export const or = (a: Tensor, b: Tensor): Tensor => binary('Or', a, b);

export const not = (x: Tensor): Tensor =>
  x.graph.node('Not', [x], { shape: x.shape, type: 'bool', backward: () => [] });

/** `condition ? a : b`, elementwise. No gradient reaches the condition. */
export function where(condition: Tensor, x: Operand, y: Operand): Tensor {
  const [a, b] =
    typeof x === 'number' && typeof y === 'number'
      ? ([x, y].map((v) => condition.graph.scalar(v)) as [Tensor, Tensor])
      : operands(x, y);
  const error = () => shapeError('Where', condition, a, b);
  const shape = broadcastShapes(condition.shape, broadcastShapes(a.shape, b.shape, error), error);
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

/** Changes the type; no gradient passes. */
export const cast = (x: Tensor, type: DataType): Tensor =>
  x.graph.node('Cast', [x], {
    shape: x.shape,
    type,
    attributes: { to: onnxTypes[type] },
    backward: () => [],
  });
