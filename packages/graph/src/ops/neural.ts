import type { Shape, Tensor } from '../tensor.ts';
import { mul, sub } from './elementwise.ts';
import { reduceSum } from './shape.ts';

/** Exponentials over the last axis that sum to 1. */
export function softmax(x: Tensor): Tensor {
  const y: Tensor = x.graph.node('Softmax', [x], {
    shape: x.shape,
    attributes: { axis: -1 },
    backward: (g) => [mul(y, sub(g, reduceSum(mul(g, y), [-1], true)))],
  });
  return y;
}

/** Logarithm of `softmax` over the last axis. */
export const logSoftmax = (x: Tensor): Tensor =>
  x.graph.node('LogSoftmax', [x], { shape: x.shape, attributes: { axis: -1 } });

/** (x - mean) / sqrt(var + epsilon) * scale + bias over the last axis. */
export const layerNorm = (x: Tensor, scale: Tensor, bias: Tensor, epsilon: number): Tensor =>
  x.graph.node('LayerNormalization', [x, scale, bias], {
    shape: x.shape,
    attributes: { axis: -1, epsilon: { float: epsilon } },
  });

/** x Phi(x), exact or by the tanh approximation. */
export const gelu = (x: Tensor, approximate: 'none' | 'tanh' = 'none'): Tensor =>
  x.graph.node('Gelu', [x], { shape: x.shape, attributes: { approximate } });

/** The k largest values along the last axis, in descending order. */
export function topK(x: Tensor, k: number): Tensor {
  const shape: Shape = [...x.shape.slice(0, -1), k];
  return x.graph.node('TopK', [x, x.graph.integers([k])], {
    shape,
    extraOutputs: 1,
    attributes: { axis: -1, largest: 1, sorted: 1 },
  });
}

/** 1 at the k largest values along the last axis, 0 elsewhere; of equal values the first count. Gradient zero. */
export function topKMask(x: Tensor, k: number): Tensor {
  const { graph, node, shape } = topK(x, k);
  const indices: Tensor = { graph, node, shape, type: 'int64', name: node?.outputs[1] as string };
  return graph.node('ScatterElements', [filled(0, x), indices, filled(1, indices)], {
    shape: x.shape,
    attributes: { axis: x.shape.length - 1 },
    backward: () => [],
  });
}

function filled(value: number, like: Tensor): Tensor {
  const { graph, shape } = like;
  const lengths = graph.node('Shape', [like], { shape: [shape.length], type: 'int64' });
  return graph.node('Expand', [graph.scalar(value), lengths], { shape });
}
