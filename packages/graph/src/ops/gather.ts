import { FeedprintError } from '@feedprint/core';
import { axisOf, sameShape, shapeError, sizeOf } from '../tensor.ts';
import type { Dimension, Tensor } from '../tensor.ts';
import { mul } from './elementwise.ts';
import { cast, equal } from './logic.ts';
import { reduceSum } from './reduce.ts';
import { scatterAdd } from './scatter.ts';
import { filledLike, reshape, transpose } from './shape.ts';

/** Rows (or slices along `axis`) chosen by integer indices of any shape, none of them negative. */
export function gather(x: Tensor, indices: Tensor, axis = 0): Tensor {
  const at = axisOf('Gather', x, axis);
  checkIndices('Gather', indices);
  return x.graph.node('Gather', [x, indices], {
    shape: [...x.shape.slice(0, at), ...indices.shape, ...x.shape.slice(at + 1)],
    type: x.type,
    attributes: { axis: at },
    sources: [x],
    backward: (g) => [scatterAlong(x, indices, g, at)],
  });
}

/** Zeros like `x`, with the slices of `updates` added at the indices along an axis. */
function scatterAlong(x: Tensor, indices: Tensor, updates: Tensor, at: number): Tensor {
  const rank = indices.shape.length;
  const axes = x.shape.map((_, axis) => axis);
  const toFront = [at, ...axes.filter((axis) => axis !== at)];
  const back = axes.map((axis) => toFront.indexOf(axis));
  const updateAxes = updates.shape.map((_, axis) => axis);
  const own = updateAxes.slice(at, at + rank);
  const front = [...own, ...updateAxes.filter((axis) => !own.includes(axis))];
  const moved = transpose(filledLike(x, 0), toFront);
  return transpose(scatterAdd(moved, indices, transpose(updates, front)), back);
}

/** One element per index: `x[..., indices[...], ...]` along an axis; the other axes agree. */
export function gatherElements(x: Tensor, indices: Tensor, axis: number): Tensor {
  const at = axisOf('GatherElements', x, axis);
  checkIndices('GatherElements', indices);
  const others = ({ shape }: Tensor): readonly Dimension[] => shape.filter((_, i) => i !== at);
  if (!sameShape(others(x), others(indices))) throw shapeError('GatherElements', x, indices);
  return x.graph.node('GatherElements', [x, indices], {
    shape: indices.shape,
    type: x.type,
    attributes: { axis: at },
    sources: [x],
    backward: (g) => [spread(x, indices, g, at)],
  });
}

/**
 * Zeros like `x`, with `updates` added at the indices along an axis, by comparing each index with each position: choosing
 * `k` of `n` elements takes k n intermediate numbers.
 */
function spread(x: Tensor, indices: Tensor, updates: Tensor, at: number): Tensor {
  const last = x.shape.length - 1;
  if (at !== last) {
    const swap = x.shape.map((_, axis) => (axis === at ? last : axis === last ? at : axis));
    const [a, b, c] = [x, indices, updates].map((t) => transpose(t, swap)) as Triple;
    return transpose(spread(a, b, c, last), swap);
  }
  const places = range(indices, sizeOf([x.shape[last] as Dimension]));
  if (indices.shape[last] === 1) return mul(updates, cast(equal(indices, places), 'float32'));
  const column = (t: Tensor): Tensor => reshape(t, [...t.shape, 1]);
  return reduceSum(mul(column(updates), cast(equal(column(indices), places), 'float32')), [last]);
}

type Triple = [Tensor, Tensor, Tensor];

/** 0, 1, ... in the type of some indices. */
function range({ graph, type }: Tensor, length: number): Tensor {
  const numbers = Int32Array.from({ length }, (_, i) => i);
  return graph.constant(type === 'int32' ? numbers : BigInt64Array.from(numbers, BigInt), [length]);
}

function checkIndices(operation: string, indices: Tensor): void {
  if (indices.type === 'int32' || indices.type === 'int64') return;
  throw new FeedprintError({
    code: 'shape-mismatch',
    message: `${operation} needs integer indices, not ${indices.name} of ${indices.type}`,
    remedy: 'cast them to int64',
  });
}
