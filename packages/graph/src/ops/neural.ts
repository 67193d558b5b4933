import type { GraphNode } from '../graph.ts';
import { sameShape, shapeError } from '../tensor.ts';
import type { Shape, Tensor } from '../tensor.ts';
import {
  abs,
  add,
  erf,
  exp,
  log,
  minimum,
  mul,
  neg,
  sigmoid,
  sub,
  tanh,
  unbroadcast,
} from './elementwise.ts';
import { reduceMean, reduceSum } from './reduce.ts';

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
export function logSoftmax(x: Tensor): Tensor {
  const y: Tensor = x.graph.node('LogSoftmax', [x], {
    shape: x.shape,
    attributes: { axis: -1 },
    backward: (g) => [sub(g, mul(exp(y), reduceSum(g, [-1], true)))],
  });
  return y;
}

/** (x - mean) / sqrt(var + epsilon) * scale + bias over the last axis; `scale` and `bias` `[width]`. */
export function layerNorm(x: Tensor, scale: Tensor, bias: Tensor, epsilon: number): Tensor {
  const width = x.shape.at(-1);
  if (width === undefined || [scale, bias].some((t) => t.shape.join() !== `${width}`)) {
    throw shapeError('LayerNormalization', x, scale, bias);
  }
  const { graph } = x;
  const y: Tensor = graph.node('LayerNormalization', [x, scale, bias], {
    shape: x.shape,
    attributes: { axis: -1, epsilon: { float: epsilon } },
    extraOutputs: 2,
    backward: (g) => {
      const shape = [...x.shape.slice(0, -1), 1];
      const [mean, inverse] = [1, 2].map((i) => furtherOutput(y, i, shape)) as [Tensor, Tensor];
      const normal = mul(sub(x, mean), inverse);
      const scaled = mul(g, scale);
      const centred = sub(scaled, reduceMean(scaled, [-1], true));
      const along = mul(normal, reduceMean(mul(scaled, normal), [-1], true));
      return [
        mul(sub(centred, along), inverse),
        unbroadcast(mul(g, normal), scale.shape),
        unbroadcast(g, bias.shape),
      ];
    },
  });
  return y;
}

/** x / sqrt(mean(x^2) + epsilon) * scale over the last axis (Zhang and Sennrich 2019); `scale` `[width]`. */
export function rmsNorm(x: Tensor, scale: Tensor, epsilon: number): Tensor {
  if (!sameShape(scale.shape, x.shape.slice(-1))) throw shapeError('RMSNormalization', x, scale);
  const y: Tensor = x.graph.node('SimplifiedLayerNormalization', [x, scale], {
    shape: x.shape,
    attributes: { axis: -1, epsilon: { float: epsilon } },
    extraOutputs: 1,
    backward: (g) => {
      const inverse = furtherOutput(y, 1, [...x.shape.slice(0, -1), 1]);
      const normal = mul(x, inverse);
      const scaled = mul(g, scale);
      const along = mul(normal, reduceMean(mul(scaled, normal), [-1], true));
      return [mul(sub(scaled, along), inverse), unbroadcast(mul(g, normal), scale.shape)];
    },
  });
  return y;
}

/** An output after the first, whose own gradient is not known. */
function furtherOutput(y: Tensor, index: number, shape: Shape): Tensor {
  const node = y.node as GraphNode;
  return {
    ...y,
    shape,
    name: node.outputs[index] as string,
    node: { ...node, backward: undefined },
  };
}

/** x sigmoid(x), also called swish. */
export const silu = (x: Tensor): Tensor => mul(x, sigmoid(x));

/** log(1 / (1 + exp(-x))), without overflow for any x. */
export const logSigmoid = (x: Tensor): Tensor => sub(minimum(x, 0), log(add(exp(neg(abs(x))), 1)));

/** x Phi(x), Phi the normal distribution function, exact or by the tanh approximation. */
export const gelu = (x: Tensor, approximate: 'none' | 'tanh' = 'none'): Tensor =>
  x.graph.node('Gelu', [x], {
    shape: x.shape,
    attributes: { approximate },
    backward: (g) => [mul(g, approximate === 'none' ? exactSlope(x) : tanhSlope(x))],
  });

/** Phi(x) + x phi(x) */
function exactSlope(x: Tensor): Tensor {
  const cumulative = mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5);
  const density = mul(exp(mul(mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return add(cumulative, mul(x, density));
}

/** Derivative of x (1 + tanh u) / 2 with u = sqrt(2 / pi) (x + 0.044715 x^3). */
function tanhSlope(x: Tensor): Tensor {
  const c = Math.sqrt(2 / Math.PI);
  const square = mul(x, x);
  const t = tanh(mul(x, add(mul(square, 0.044715 * c), c)));
  const inner = mul(x, add(mul(square, 3 * 0.044715 * c), c));
  return mul(add(add(t, 1), mul(sub(1, mul(t, t)), inner)), 0.5);
}
