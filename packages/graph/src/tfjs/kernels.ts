import { axisKernels } from './axis-kernels.ts';
import { indexKernels } from './index-kernels.ts';
import { rotaryKernel } from './rotary-kernel.ts';
import { integersOf, withoutGradient } from './kernel.ts';
import type { Kernel, Tf, TfTensor } from './kernel.ts';

type Unary = (tf: Tf, x: TfTensor) => TfTensor;
type Binary = (tf: Tf, a: TfTensor, b: TfTensor) => TfTensor;

const unary =
  (compute: Unary): Kernel =>
  (tf, [x]) =>
    compute(tf, x as TfTensor);

const binary =
  (compute: Binary): Kernel =>
  (tf, [a, b]) =>
    compute(tf, a as TfTensor, b as TfTensor);

const logical =
  (compute: Binary): Kernel =>
  (tf, inputs) =>
    withoutGradient(tf, inputs, (a, b) => compute(tf, a as TfTensor, b as TfTensor));

const tfType: Record<number, 'float32' | 'int32' | 'bool'> = {
  1: 'float32',
  6: 'int32',
  7: 'int32',
  9: 'bool',
};

const elementwise: Readonly<Record<string, Kernel>> = {
  Abs: unary((tf, x) => tf.abs(x)),
  Cos: unary((tf, x) => tf.cos(x)),
  Erf: unary((tf, x) => tf.erf(x)),
  Exp: unary((tf, x) => tf.exp(x)),
  Identity: unary((tf, x) => tf.clone(x)),
  Log: unary((tf, x) => tf.log(x)),
  Neg: unary((tf, x) => tf.neg(x)),
  Relu: unary((tf, x) => tf.relu(x)),
  Sigmoid: unary((tf, x) => tf.sigmoid(x)),
  Sign: unary((tf, x) => tf.sign(x)),
  Sin: unary((tf, x) => tf.sin(x)),
  Sqrt: unary((tf, x) => tf.sqrt(x)),
  Tanh: unary((tf, x) => tf.tanh(x)),
  Add: binary((tf, a, b) => tf.add(a, b)),
  Sub: binary((tf, a, b) => tf.sub(a, b)),
  Mul: binary((tf, a, b) => tf.mul(a, b)),
  Div: binary((tf, a, b) => tf.div(a, b)),
  Pow: binary((tf, a, b) => tf.pow(a, b)),
  Max: binary((tf, a, b) => tf.maximum(...equalShapes(tf, a, b))),
  Min: binary((tf, a, b) => tf.minimum(...equalShapes(tf, a, b))),
  Greater: logical((tf, a, b) => tf.greater(a, b)),
  GreaterOrEqual: logical((tf, a, b) => tf.greaterEqual(a, b)),
  Less: logical((tf, a, b) => tf.less(a, b)),
  Equal: logical((tf, a, b) => tf.equal(a, b)),
  And: logical((tf, a, b) => tf.logicalAnd(a, b)),
  Or: logical((tf, a, b) => tf.logicalOr(a, b)),
  Not: (tf, inputs) => withoutGradient(tf, inputs, (x) => tf.logicalNot(x as TfTensor)),
  Where: (tf, [condition, a, b]) => tf.where(condition as TfTensor, a as TfTensor, b as TfTensor),
  Clip: (tf, [x, min, max]) => {
    const [low, high] = [min, max].map((limit) => (limit as TfTensor).dataSync()[0] as number);
    return tf.clipByValue(x as TfTensor, low as number, high as number);
  },
  Cast: (tf, [x], { to }) => tf.cast(x as TfTensor, tfType[to as number] ?? 'float32'),
  Gelu: (tf, [x], { approximate }) => gelu(tf, x as TfTensor, approximate === 'tanh'),
};

/** TensorFlow.js does not sum the gradients of `maximum` and `minimum` over axes that they broadcast. */
function equalShapes(tf: Tf, a: TfTensor, b: TfTensor): [TfTensor, TfTensor] {
  const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
  return [tf.broadcastTo(a, shape), tf.broadcastTo(b, shape)];
}

function gelu(tf: Tf, x: TfTensor, approximate: boolean): TfTensor {
  const inner = approximate
    ? tf.tanh(tf.mul(tf.add(x, tf.mul(tf.pow(x, 3), 0.044715)), Math.sqrt(2 / Math.PI)))
    : tf.erf(tf.mul(x, Math.SQRT1_2));
  return tf.mul(tf.mul(x, 0.5), tf.add(inner, 1));
}

const linear: Readonly<Record<string, Kernel>> = {
  MatMul: binary(matmul),
  Gemm: (tf, [x, weight, bias]) => {
    const product = tf.matMul(x as TfTensor, weight as TfTensor, false, true);
    return bias ? tf.add(product, bias) : product;
  },
  Transpose: (tf, [x], { perm }) => tf.transpose(x as TfTensor, [...(perm as readonly number[])]),
  Reshape: (tf, [given, shape]) => {
    const x = given as TfTensor;
    const target = integersOf(shape as TfTensor);
    return tf.reshape(
      x,
      target.map((length, axis) => (length === 0 ? (x.shape[axis] as number) : length)),
    );
  },
};

/** Nor those of products over leading axes. */
function matmul(tf: Tf, a: TfTensor, b: TfTensor): TfTensor {
  if (b.rank === 2 && a.rank > 2) {
    const flat = tf.reshape(a, [-1, a.shape.at(-1) as number]);
    return tf.reshape(tf.matMul(flat, b), [...a.shape.slice(0, -1), b.shape[1] as number]);
  }
  const leading = tf.broadcast_util.assertAndGetBroadcastShape(
    a.shape.slice(0, -2),
    b.shape.slice(0, -2),
  );
  const [x, y] = [a, b].map((t) => tf.broadcastTo(t, [...leading, ...t.shape.slice(-2)]));
  return tf.matMul(x as TfTensor, y as TfTensor);
}

/** How TensorFlow.js computes each ONNX operator that graphs are made of. */
export const kernels: Readonly<Record<string, Kernel>> = {
  ...elementwise,
  ...linear,
  ...axisKernels,
  ...indexKernels,
  RotaryEmbedding: rotaryKernel,
};
