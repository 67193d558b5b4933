import { positiveAxis, shapeError, sizeOf } from '../tensor.ts';
import type { Dimension, Shape, Tensor } from '../tensor.ts';
import { div } from './elementwise.ts';

/** The same elements in another shape. Only one dimension may be symbolic. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const symbolic = shape.filter((dimension) => typeof dimension === 'string');
  if (symbolic.length > 1) return reshapeLike(x, shape);
  const target = shape.map((dimension) => (typeof dimension === 'string' ? -1 : dimension));
  if (!target.includes(-1) && x.shape.every((d) => typeof d === 'number')) {
    if (sizeOf(x.shape) !== sizeOf(shape)) throw shapeError('Reshape', x.shape, shape);
  }
  return x.graph.node('Reshape', [x, x.graph.integers(target)], {
    shape,
    backward: (g) => [reshape(g, x.shape)],
    type: x.type,
  });
}

/** Reshape that keeps several symbolic dimensions, which must stand at the same axes in both shapes (ONNX: 0 copies an axis). */
function reshapeLike(x: Tensor, shape: Shape): Tensor {
  const target = shape.map((dimension, axis) => {
    if (typeof dimension === 'number') return dimension;
    if (x.shape[axis] !== dimension) throw shapeError('Reshape', x.shape, shape);
    return 0;
  });
  return x.graph.node('Reshape', [x, x.graph.integers(target)], {
    shape,
    backward: (g) => [reshape(g, x.shape)],
    type: x.type,
  });
}

/** Axis `i` of the result is axis `permutation[i]` of `x`. */
export function transpose(x: Tensor, permutation: readonly number[]): Tensor {
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

function reducedShape(x: Tensor, axes: readonly number[], keep: boolean): Shape {
  const reduced = new Set(axes.map((axis) => positiveAxis(axis, x.shape.length)));
  return x.shape.flatMap((d, axis) => (reduced.has(axis) ? (keep ? [1] : []) : [d]));
}

/** Repeats a reduced gradient along the reduced axes. */
function expand(gradient: Tensor, x: Tensor, axes: readonly number[]): Tensor {
  const { graph } = x;
  const kept = reshape(gradient, reducedShape(x, axes, true));
  const shape = graph.node('Shape', [x], { shape: [x.shape.length], type: 'int64' });
  return graph.node('Expand', [kept, shape], {
    shape: x.shape,
    backward: (g) => [reduceSum(g, axes, true), undefined],
  });
}

export function reduceSum(x: Tensor, axes: readonly number[], keep = false): Tensor {
  return x.graph.node('ReduceSum', [x, x.graph.integers(axes)], {
    shape: reducedShape(x, axes, keep),
    attributes: { keepdims: keep ? 1 : 0 },
    backward: (g) => [expand(g, x, axes)],
  });
}

/** Mean over axes of fixed length. */
export function reduceMean(x: Tensor, axes: readonly number[], keep = false): Tensor {
  const count = sizeOf(axes.map((axis) => x.shape[positiveAxis(axis, x.shape.length)] ?? 1));
  return div(reduceSum(x, axes, keep), count);
}

/** Largest element along an axis. No gradient. */
export function reduceMax(x: Tensor, axes: readonly number[], keep = false): Tensor {
  return x.graph.node('ReduceMax', [x, x.graph.integers(axes)], {
    shape: reducedShape(x, axes, keep),
    attributes: { keepdims: keep ? 1 : 0 },
  });
}

/** Rows (or slices along `axis`) chosen by integer indices. No gradient yet reaches `x`. */
export function gather(x: Tensor, indices: Tensor, axis = 0): Tensor {
  const at = positiveAxis(axis, x.shape.length);
  return x.graph.node('Gather', [x, indices], {
    shape: [...x.shape.slice(0, at), ...indices.shape, ...x.shape.slice(at + 1)],
    type: x.type,
    attributes: { axis: at },
  });
}

/** One element per row: `x[..., indices[...]]`. */
export function gatherElements(x: Tensor, indices: Tensor, axis: number): Tensor {
  return x.graph.node('GatherElements', [x, indices], {
    shape: indices.shape,
    type: x.type,
    attributes: { axis: positiveAxis(axis, x.shape.length) },
  });
}

/** Elements `[start, end)` along an axis. */
export function slice(x: Tensor, axis: number, start: number, end: number): Tensor {
  const at = positiveAxis(axis, x.shape.length);
  const { graph } = x;
  return graph.node(
    'Slice',
    [x, graph.integers([start]), graph.integers([end]), graph.integers([at])],
    {
      shape: x.shape.map((d, i) => (i === at ? end - start : d)),
      type: x.type,
    },
  );
}

/** Joins tensors along an axis of fixed lengths. */
export function concat(parts: readonly [Tensor, ...Tensor[]], axis: number): Tensor {
  const [first] = parts;
  const at = positiveAxis(axis, first.shape.length);
  const length = parts.reduce((sum, part) => sum + sizeOf([part.shape[at] as Dimension]), 0);
  return first.graph.node('Concat', parts, {
    shape: first.shape.map((d, i) => (i === at ? length : d)),
    type: first.type,
    attributes: { axis: at },
  });
}
