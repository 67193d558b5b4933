import { detached } from './kernel.ts';
import type { Kernel, TfTensor } from './kernel.ts';

/** Rotary position embedding of `[batch, heads, length, headSize]`. */
export const rotaryKernel: Kernel = (tf, inputs, { interleaved, rotary_embedding_dim: some }) => {
  const [x, places, cosines, sines] = inputs as [TfTensor, TfTensor, TfTensor, TfTensor];
  const headSize = x.shape[3] as number;
  const size = (some as number) || headSize;
  const indices = detached(tf, places);
  const [cos, sin] = [cosines, sines].map((rows) => tf.expandDims(tf.gather(rows, indices), 1));
  const order = Array.from({ length: size }, (_, i) =>
    interleaved === 1 ? (i < size / 2 ? 2 * i : 2 * i - size + 1) : i,
  );
  const unit = (from: number, to: number): TfTensor =>
    tf.gather(x, tf.tensor1d(order.slice(from, to), 'int32'), 3);
  const [a, b] = [unit(0, size / 2), unit(size / 2, size)];
  const turned = tf.concat(
    [
      tf.sub(tf.mul(a, cos as TfTensor), tf.mul(b, sin as TfTensor)),
      tf.add(tf.mul(b, cos as TfTensor), tf.mul(a, sin as TfTensor)),
    ],
    3,
  );
  const back = Array.from({ length: headSize }, (_, i) => (i < size ? order.indexOf(i) : i));
  const rest = tf.slice(x, [0, 0, 0, size], [-1, -1, -1, headSize - size]);
  return tf.gather(tf.concat([turned, rest], 3), tf.tensor1d(back, 'int32'), 3);
};
