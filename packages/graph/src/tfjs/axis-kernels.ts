import { alongLast, detached, integersOf } from './kernel.ts';
import type { Kernel, Tf, TfTensor } from './kernel.ts';

type Reduce = (tf: Tf, x: TfTensor, axes: number[] | undefined, keep: boolean) => TfTensor;

/** Without axes all are reduced. */
const reduction =
  (reduce: Reduce): Kernel =>
  (tf, [x, axes], { keepdims }) =>
    reduce(tf, x as TfTensor, axes && integersOf(axes), keepdims === 1);

/** Operators that work along axes, or change them. */
export const axisKernels: Readonly<Record<string, Kernel>> = {
  ReduceSum: reduction((tf, x, axes, keep) => tf.sum(x, axes, keep)),
  ReduceSumSquare: reduction((tf, x, axes, keep) => tf.sum(tf.square(x), axes, keep)),
  ReduceMax: reduction((tf, x, axes, keep) => tf.max(x, axes, keep)),
  ReduceProd: reduction((tf, x, axes, keep) => tf.prod(x, axes, keep)),
  ArgMax: (tf, [x], { axis, keepdims }) => {
    const found = detached(tf, tf.argMax(x as TfTensor, axis as number));
    return keepdims === 1 ? tf.expandDims(found, axis as number) : found;
  },
  CumSum: (tf, [x, axis], { exclusive, reverse }) =>
    alongLast(tf, [x as TfTensor], integersOf(axis as TfTensor)[0] as number, (moved) =>
      tf.cumsum(moved, moved.rank - 1, exclusive === 1, reverse === 1),
    ),
  Softmax: (tf, [x]) => tf.softmax(x as TfTensor),
  LogSoftmax: (tf, [x]) => tf.logSoftmax(x as TfTensor),
  LayerNormalization: (tf, [x, scale, bias], { epsilon }) => {
    const { mean, variance } = tf.moments(x as TfTensor, -1, true);
    const inverse = tf.rsqrt(tf.add(variance, (epsilon as { readonly float: number }).float));
    const normal = tf.mul(tf.sub(x as TfTensor, mean), inverse);
    return [tf.add(tf.mul(normal, scale as TfTensor), bias as TfTensor), mean, inverse];
  },
  SimplifiedLayerNormalization: (tf, [x, scale], { epsilon }) => {
    const square = tf.mean(tf.square(x as TfTensor), -1, true);
    const inverse = tf.rsqrt(tf.add(square, (epsilon as { readonly float: number }).float));
    return [tf.mul(tf.mul(x as TfTensor, inverse), scale as TfTensor), inverse];
  },
  Shape: (tf, [x]) => tf.tensor1d((x as TfTensor).shape, 'int32'),
  Expand: (tf, [x, shape]) => tf.broadcastTo(x as TfTensor, integersOf(shape as TfTensor)),
  Slice: (tf, [given, ...limits]) => {
    const x = given as TfTensor;
    const [start, end, at] = limits.map((limit) => integersOf(limit)[0]) as Limits;
    const begin = x.shape.map((_, axis) => (axis === at ? start : 0));
    const size = x.shape.map((length, axis) => (axis === at ? end - start : length));
    return tf.slice(x, begin, size);
  },
  Concat: (tf, parts, { axis }) => tf.concat([...parts], axis as number),
  Pad: (tf, [given, amounts, value]) => {
    const x = given as TfTensor;
    const all = integersOf(amounts as TfTensor);
    const pairs = x.shape.map((_, axis): [number, number] => [
      all[axis] as number,
      all[axis + x.rank] as number,
    ]);
    return tf.pad(x, pairs, value?.dataSync()[0] ?? 0);
  },
};

type Limits = [number, number, number];
