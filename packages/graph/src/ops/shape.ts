import { axisOf, sameShape, shapeError, sizeOf } from '../tensor.ts';
import type { Dimension, Shape, Tensor } from '../tensor.ts';
import { sub } from './elementwise.ts';
import { reduceSum } from './reduce.ts';

/** The same elements in another shape. Symbolic dimensions keep their axes in both shapes, all but one. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const isFixed = [...shape, ...x.shape].every((d) => typeof d === 'number');
  if (isFixed && sizeOf(x.shape) !== sizeOf(shape)) throw shapeError('Reshape', x, shape);
  // ONNX: -1 stands for what is left, 0 copies the axis.
  const stays = shape.map((d, axis) => typeof d === 'string' && x.shape[axis] === d);
  const moved = shape.filter((d, axis) => typeof d === 'string' && !stays[axis]);
  if (moved.length > 1) throw shapeError('Reshape', x, shape);
  const target = shape.map((d, axis) => (typeof d === 'number' ? d : stays[axis] ? 0 : -1));
  return x.graph.node('Reshape', [x, x.graph.integers(target)], {
    shape,
    type: x.type,
    sources: [x],
    backward: (g) => [reshapeLike(g, x)],
  });
}

/** `x` in the shape of another tensor with as many elements, whatever its lengths at run time. */
const reshapeLike = (x: Tensor, like: Tensor): Tensor =>
  x.graph.node('Reshape', [x, shapeOf(like)], {
    shape: like.shape,
    type: x.type,
    sources: [x],
    backward: (g) => [reshapeLike(g, x)],
  });

/** Axis `i` of the result is axis `permutation[i]` of `x`. Two that cancel out give the first one's input. */
export function transpose(x: Tensor, permutation: readonly number[]): Tensor {
  if ([...permutation].sort((a, b) => a - b).join() !== x.shape.map((_, axis) => axis).join()) {
    throw shapeError(`Transpose to the order ${permutation.join(', ')}`, x);
  }
  const earlier = x.node?.operation === 'Transpose' ? x.node : undefined;
  const before = earlier?.attributes['perm'] as readonly number[] | undefined;
  if (before && permutation.every((axis, i) => before[axis] === i)) {
    return earlier?.inputs[0] as Tensor;
  }
  return x.graph.node('Transpose', [x], {
    shape: permutation.map((axis) => x.shape[axis] as Dimension),
    type: x.type,
    attributes: { perm: permutation },
    backward: (g) => [
      transpose(
        g,
        permutation.map((_, axis) => permutation.indexOf(axis)),
      ),
    ],
  });
}

/** The lengths of a tensor at run time, int64 `[rank]`. */
export const shapeOf = (x: Tensor): Tensor =>
  x.graph.node('Shape', [x], { shape: [x.shape.length], type: 'int64', backward: () => [] });

/** Repeats `x` along its axes of length 1 to the shape of another tensor of equal rank. */
export function expandLike(x: Tensor, like: Tensor): Tensor {
  if (sameShape(x.shape, like.shape)) return x;
  const axes = x.shape.flatMap((d, axis) => (d === like.shape[axis] ? [] : [axis]));
  return x.graph.node('Expand', [x, shapeOf(like)], {
    shape: like.shape,
    type: x.type,
    sources: [x],
    backward: (g) => [reduceSum(g, axes, true)],
  });
}

/** A tensor of one number in the shape of another. */
export function filledLike(like: Tensor, value: number): Tensor {
  const { graph, shape } = like;
  return graph.node('Expand', [graph.scalar(value), shapeOf(like)], {
    shape,
    sources: [],
    backward: () => [],
  });
}

/** Elements `[start, end)` along an axis, `0 <= start < end`. */
export function slice(x: Tensor, axis: number, start: number, end: number): Tensor {
  const at = axisOf('Slice', x, axis);
  const length = x.shape[at] as Dimension;
  if (start < 0 || end <= start || (typeof length === 'number' && end > length)) {
    throw shapeError(`Slice from ${start} to ${end} along axis ${at}`, x);
  }
  const { graph } = x;
  const limits = [start, end, at].map((value) => graph.integers([value]));
  return graph.node('Slice', [x, ...limits], {
    shape: x.shape.map((d, i) => (i === at ? end - start : d)),
    type: x.type,
    sources: [x],
    backward: (g) => [padTo(g, x, at, start)],
  });
}

/** Pads an axis of fixed length with `before` and `after` copies of a number. */
export function pad(x: Tensor, axis: number, before: number, after: number, value = 0): Tensor {
  const at = axisOf('Pad', x, axis);
  const length = x.shape[at];
  if (before < 0 || after < 0 || typeof length !== 'number') {
    throw shapeError(`Pad by ${before} and ${after} along axis ${at}`, x);
  }
  if (before === 0 && after === 0) return x;
  const { graph } = x;
  const amounts = [before, after].flatMap((n) => x.shape.map((_, i) => (i === at ? n : 0)));
  const filling = value === 0 ? [] : [graph.scalar(value)];
  return graph.node('Pad', [x, graph.integers(amounts), ...filling], {
    shape: x.shape.map((d, i) => (i === at ? before + length + after : d)),
    type: x.type,
    sources: [x],
    backward: (g) => [slice(g, at, before, before + length)],
  });
}

/** Pads `x` with zeros along an axis to the length of `like`, which need not be known. */
function padTo(x: Tensor, like: Tensor, at: number, before: number): Tensor {
  const [short, long] = [x.shape[at] as number, like.shape[at] as Dimension];
  if (typeof long === 'number') return pad(x, at, before, long - before - short);
  const { graph } = x;
  const first = graph.integers(x.shape.map((_, i) => (i === at ? before : 0)));
  const last = sub(sub(shapeOf(like), shapeOf(x)), first);
  return graph.node('Pad', [x, concat([first, last], 0)], {
    shape: like.shape,
    type: x.type,
    sources: [x],
    backward: (g) => [slice(g, at, before, before + short)],
  });
}

/** Joins tensors along an axis of fixed lengths; the other axes must agree. */
export function concat(parts: readonly [Tensor, ...Tensor[]], axis: number): Tensor {
  const [first] = parts;
  const at = axisOf('Concat', first, axis);
  const others = (x: Tensor): Shape => x.shape.map((d, i) => (i === at ? 0 : d));
  const lengths = parts.map((part) => {
    const length = part.shape[at];
    if (typeof length === 'number' && sameShape(others(part), others(first))) return length;
    throw shapeError(`Concat along axis ${at}`, ...parts);
  });
  const starts = lengths.map((_, i) => sizeSum(lengths.slice(0, i)));
  return first.graph.node('Concat', parts, {
    shape: first.shape.map((d, i) => (i === at ? sizeSum(lengths) : d)),
    type: first.type,
    attributes: { axis: at },
    backward: (g) => starts.map((start, i) => slice(g, at, start, start + (lengths[i] as number))),
  });
}

const sizeSum = (lengths: readonly number[]): number => lengths.reduce((a, b) => a + b, 0);
