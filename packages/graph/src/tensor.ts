import { FeedprintError } from '@feedprint/core';
import type { Graph, GraphNode } from './graph.ts';

export type DataType = 'float32' | 'int32' | 'int64' | 'bool';

/** A length, or the name of a length that is known only when the graph runs. Equal names are equal lengths. */
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

export function shapeError(operation: string, ...shapes: readonly Shape[]): FeedprintError {
  const written = shapes.map((shape) => `[${shape.join(', ')}]`).join(' and ');
  return new FeedprintError({
    code: 'shape-mismatch',
    message: `${operation} does not fit ${written}`,
    remedy: 'give it tensors whose shapes agree',
  });
}

/** The shape that two shapes broadcast to, by NumPy's rules. Throws `shape-mismatch`. */
export function broadcastShapes(operation: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1) throw shapeError(operation, a, b);
    return x === 1 ? y : x;
  });
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
