import { axisOf, sizeOf } from '../tensor.ts';
import type { Shape, Tensor } from '../tensor.ts';
import { div, mul } from './elementwise.ts';
import { cast, equal } from './logic.ts';
import { expandLike, reshape, shapeOf } from './shape.ts';

function reducedShape(x: Tensor, axes: readonly number[], keep: boolean): Shape {
  const reduced = new Set(axes);
  return x.shape.flatMap((d, axis) => (reduced.has(axis) ? (keep ? [1] : []) : [d]));
}

function reduction(
  operation: string,
  x: Tensor,
  given: readonly number[],
  keep: boolean,
  gradient: (g: Tensor, y: Tensor, axes: readonly number[]) => Tensor,
): Tensor {
  const axes = given.map((axis) => axisOf(operation, x, axis));
  const y: Tensor = x.graph.node(operation, [x, x.graph.integers(axes)], {
    shape: reducedShape(x, axes, keep),
    type: x.type,
    attributes: { keepdims: keep ? 1 : 0 },
    sources: [x],
    backward: (g) => {
      const kept = reducedShape(x, axes, true);
      return [gradient(keep ? g : reshape(g, kept), keep ? y : reshape(y, kept), axes)];
    },
  });
  return y;
}

/** Sum over axes. The sum over the rows of a matrix product is computed from the sum of its first factor's rows. */
export function reduceSum(x: Tensor, axes: readonly number[], keep = false): Tensor {
  if (axes.length === 0) return x;
  const rowSum = x.shape.length === 2 && axes.length === 1 && axes[0] === 0 && x.node?.rowSum?.();
  if (rowSum) return keep ? rowSum : reshape(rowSum, x.shape.slice(1));
  return reduction('ReduceSum', x, axes, keep, (g) => expandLike(g, x));
}

/** Sum of squares over axes. */
export const reduceSumSquare = (x: Tensor, axes: readonly number[], keep = false): Tensor =>
  axes.length === 0
    ? mul(x, x)
    : reduction('ReduceSumSquare', x, axes, keep, (g) => mul(expandLike(mul(g, 2), x), x));

/** Mean over axes. */
export function reduceMean(x: Tensor, axes: readonly number[], keep = false): Tensor {
  return div(reduceSum(x, axes, keep), lengthOf(x, axes));
}

/** How many elements the axes span; counted at run time where a length is symbolic. */
function lengthOf(x: Tensor, given: readonly number[]): number | Tensor {
  const axes = given.map((axis) => axisOf('ReduceMean', x, axis));
  const lengths = axes.map((axis) => x.shape[axis] as number | string);
  if (lengths.every((length) => typeof length === 'number')) return sizeOf(lengths);
  const { graph } = x;
  const chosen = graph.node('Gather', [shapeOf(x), graph.integers(axes)], {
    shape: [axes.length],
    type: 'int64',
    attributes: { axis: 0 },
  });
  const count = graph.node('ReduceProd', [chosen], {
    shape: [],
    type: 'int64',
    attributes: { keepdims: 0 },
    backward: () => [],
  });
  return cast(count, 'float32');
}

/** Largest element over axes; ties share the gradient. */
export function reduceMax(x: Tensor, axes: readonly number[], keep = false): Tensor {
  if (axes.length === 0) return x;
  return reduction('ReduceMax', x, axes, keep, (g, y, reduced) => {
    const isMax = cast(equal(x, y), 'float32');
    return mul(isMax, div(g, reduceSum(isMax, reduced, true)));
  });
}

/** Index of the largest element along an axis, int64; the first one in a tie. No gradient passes. */
export function argMax(x: Tensor, axis: number, keep = false): Tensor {
  const at = axisOf('ArgMax', x, axis);
  return x.graph.node('ArgMax', [x], {
    shape: reducedShape(x, [at], keep),
    type: 'int64',
    attributes: { axis: at, keepdims: keep ? 1 : 0, select_last_index: 0 },
    backward: () => [],
  });
}

/** Running sum along an axis, from its start or (`reverse`) from its end. */
export function cumSum(x: Tensor, axis: number, reverse = false): Tensor {
  const at = axisOf('CumSum', x, axis);
  const { graph } = x;
  return graph.node('CumSum', [x, graph.constant(BigInt64Array.of(BigInt(at)), [])], {
    shape: x.shape,
    type: x.type,
    attributes: { exclusive: 0, reverse: reverse ? 1 : 0 },
    sources: [x],
    backward: (g) => [cumSum(g, at, !reverse)],
  });
}
