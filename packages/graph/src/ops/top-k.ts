import { shapeError } from '../tensor.ts';
import type { Shape, Tensor } from '../tensor.ts';
import { gatherElements } from './gather.ts';
import { filledLike } from './shape.ts';

export interface TopK {
  /** `[..., k]`, in descending order. */
  readonly values: Tensor;
  /** Where they are along the last axis, int64 `[..., k]`; the first ones in a tie. */
  readonly indices: Tensor;
}

/** The k largest values along the last axis and where they are. The gradient goes to where the values came from. */
export function topKWithIndices(x: Tensor, k: number): TopK {
  const width = x.shape.at(-1);
  if (k < 1 || width === undefined || (typeof width === 'number' && k > width)) {
    throw shapeError(`TopK of ${k}`, x);
  }
  const { graph } = x;
  const shape: Shape = [...x.shape.slice(0, -1), k];
  const values: Tensor = graph.node('TopK', [x, graph.integers([k])], {
    shape,
    extraOutputs: 1,
    attributes: { axis: -1, largest: 1, sorted: 1 },
    sources: [x],
    backward: (g) => [scatterElements(x, indices, g)],
  });
  const { node } = values;
  const indices: Tensor = { graph, node, shape, type: 'int64', name: node?.outputs[1] as string };
  return { values, indices };
}

/** The k largest values along the last axis, in descending order. */
export const topK = (x: Tensor, k: number): Tensor => topKWithIndices(x, k).values;

/** 1 at the k largest values along the last axis, 0 elsewhere; the first ones in a tie. Gradient zero. */
export function topKMask(x: Tensor, k: number): Tensor {
  const { indices } = topKWithIndices(x, k);
  return scatterElements(x, indices, filledLike(indices, 1));
}

/** Zeros like `x` with `updates` at indices along the last axis, none of them twice in a row. */
function scatterElements(x: Tensor, indices: Tensor, updates: Tensor): Tensor {
  return x.graph.node('ScatterElements', [filledLike(x, 0), indices, updates], {
    shape: x.shape,
    attributes: { axis: x.shape.length - 1 },
    sources: [updates],
    backward: (g) => [gatherElements(g, indices, -1)],
  });
}
