import { FeedprintError } from '@feedprint/core';
import type { Graph, GraphNode } from './graph.ts';

export type DataType = 'float32' | 'int32' | 'int64' | 'bool';

/** ONNX's numbers for the types. */
export const onnxTypes: Readonly<Record<DataType, number>> = {
  float32: 1,
  int32: 6,
  int64: 7,
  bool: 9,
};

/** A length, or the name of a length that is known only when the graph runs. Equal names mean equal lengths. */
export type Dimension = number | string;

export type Shape = readonly Dimension[];

/** A value in a graph: nothing is computed until the graph runs in a session. */
export interface Tensor {
  readonly graph: Graph;
  readonly name: string;
  readonly type: DataType;
  readonly shape: Shape;
  /** The node that computes it; none for inputs and constants. */
  readonly node: GraphNode | undefined;
}

/** A tensor, or a number that stands for an f32 scalar. */
export type Operand = Tensor | number;

/** Tensors are named, so that the reader can find them in what was built. */
export function shapeError(
  operation: string,
  ...operands: readonly (Tensor | Shape)[]
): FeedprintError {
  const written = operands.map((operand) =>
    'shape' in operand
      ? `${operand.name} [${operand.shape.join(', ')}]`
      : `[${operand.join(', ')}]`,
  );
  return new FeedprintError({
    code: 'shape-mismatch',
    message: `${operation} does not fit ${written.join(' and ')}`,
    remedy: 'pass tensors whose shapes agree',
  });
}

/** The shape that two shapes broadcast to, by NumPy's rules. Throws `error()` where they do not. */
export function broadcastShapes(a: Shape, b: Shape, error: () => FeedprintError): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1) throw error();
    return x === 1 ? y : x;
  });
}

/** The same lengths, symbolic ones under the same names. */
export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((dimension, axis) => dimension === b[axis]);

/** An axis of a tensor, counted from the front. Throws `shape-mismatch` for one that it does not have. */
export function axisOf(operation: string, x: Tensor, axis: number): number {
  const positive = positiveAxis(axis, x.shape.length);
  if (Number.isInteger(axis) && positive >= 0 && positive < x.shape.length) return positive;
  throw shapeError(`${operation} along axis ${axis}`, x);
}

/** An axis counted from the front. */
export function positiveAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** Number of elements, if no dimension is symbolic. */
export function sizeOf(shape: Shape): number {
  return shape.reduce<number>((product, dimension) => {
    if (typeof dimension === 'string') throw shapeError('a fixed size', shape);
    return product * dimension;
  }, 1);
}
