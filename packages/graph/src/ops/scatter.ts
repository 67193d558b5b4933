import { shapeError, sizeOf } from '../tensor.ts';
import type { Dimension, Shape, Tensor } from '../tensor.ts';
import { gather } from './gather.ts';
import { cast } from './logic.ts';
import { reshape } from './shape.ts';

/**
 * Adds slices to those of `data` that the indices name: `data [n, ...]`, integer `indices` of any shape, `updates`
 * `[...indices.shape, ...data.shape without its first axis]`. An index that occurs more than once gets the sum, in the order of the updates.
 *
 * onnxruntime's ScatterND loses sums of repeated indices on more than one thread, so the node is `serial`.
 */
export function scatterAdd(data: Tensor, indices: Tensor, updates: Tensor): Tensor {
  const slice = data.shape.slice(1);
  const expected: Shape = [...indices.shape, ...slice];
  if (updates.shape.join() !== expected.join()) {
    throw shapeError('ScatterND', data, indices, updates);
  }
  const count = countOf(indices.shape);
  const flat = reshape(indices.type === 'int32' ? cast(indices, 'int64') : indices, [count, 1]);
  return data.graph.node('ScatterND', [data, flat, reshape(updates, [count, ...slice])], {
    shape: data.shape,
    type: data.type,
    attributes: { reduction: 'add' },
    serial: true,
    sources: [data, updates],
    backward: (g) => [g, gather(g, indices)],
  });
}

/** How many indices there are; of those known only at run time, by a name of its own. */
function countOf(shape: Shape): Dimension {
  if (shape.every((dimension) => typeof dimension === 'number')) return sizeOf(shape);
  return shape.length === 1 ? (shape[0] as string) : `(${shape.join(' x ')})`;
}
