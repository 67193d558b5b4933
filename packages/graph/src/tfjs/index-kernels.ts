import { alongLast, detached, integersOf } from './kernel.ts';
import type { Kernel, Tf, TfTensor } from './kernel.ts';

/** Operators that read or write at indices. TensorFlow.js defines no gradient for its scatters; it is supplied here. */
export const indexKernels: Readonly<Record<string, Kernel>> = {
  Gather: (tf, [x, indices], { axis }) =>
    tf.gather(x as TfTensor, indices as TfTensor, axis as number),
  GatherElements: (tf, [x, indices], { axis }) =>
    alongLast(tf, [x as TfTensor, indices as TfTensor], axis as number, (data, at) => {
      const places = flatPlaces(tf, at, data.shape.at(-1) as number);
      return tf.reshape(tf.gather(tf.reshape(data, [-1]), places), at.shape);
    }),
  Compress: (tf, [x, condition], { axis }) => {
    const kept: number[] = [];
    (condition as TfTensor).dataSync().forEach((holds, i) => {
      if (holds) kept.push(i);
    });
    const data = axis === undefined ? tf.reshape(x as TfTensor, [-1]) : (x as TfTensor);
    return tf.gather(data, tf.tensor1d(kept, 'int32'), (axis as number | undefined) ?? 0);
  },
  ScatterElements: (tf, inputs, { axis, reduction }) =>
    alongLast(tf, inputs, axis as number, (data, at, updates) => {
      const places = flatPlaces(tf, at, data.shape.at(-1) as number);
      const [flat, values] = [data, updates].map((t) => tf.reshape(t as TfTensor, [-1]));
      return tf.reshape(
        scatter(tf, flat as TfTensor, places, values as TfTensor, reduction === 'add'),
        data.shape,
      );
    }),
  ScatterND: (tf, [data, indices, updates], { reduction }) =>
    scatter(
      tf,
      data as TfTensor,
      tf.reshape(indices as TfTensor, [-1]),
      updates as TfTensor,
      reduction === 'add',
    ),
  TopK: (tf, [x, k]) => topK(tf, x as TfTensor, integersOf(k as TfTensor)[0] as number),
};

/** Where `[..., k]` indices along the last axis point in the flattened data of that width, `[count]`. */
function flatPlaces(tf: Tf, indices: TfTensor, width: number): TfTensor {
  const perRow = indices.shape.at(-1) as number;
  const rows = indices.size / perRow;
  const starts = tf.mul(tf.range(0, rows, 1, 'int32'), tf.scalar(width, 'int32'));
  return tf.reshape(
    tf.add(tf.reshape(indices, [rows, perRow]), tf.reshape(starts, [rows, 1])),
    [-1],
  );
}

/** `data [n, ...]` with rows replaced by, or increased by, `updates [count, ...]` at `places [count]`. */
function scatter(
  tf: Tf,
  data: TfTensor,
  places: TfTensor,
  updates: TfTensor,
  adds: boolean,
): TfTensor {
  const run = tf.customGrad((...given) => {
    const [base, at, values] = given as unknown as [TfTensor, TfTensor, TfTensor];
    const save = given[3] as unknown as (tensors: TfTensor[]) => void;
    const rows = tf.reshape(at, [-1, 1]);
    save([at]);
    return {
      value: adds
        ? tf.add(base, tf.scatterND(rows, values, base.shape))
        : tf.tensorScatterUpdate(base, rows, values),
      gradFunc: (dy: TfTensor, saved: TfTensor[]) => {
        const [index] = saved as [TfTensor];
        const kept = adds
          ? tf.clone(dy)
          : tf.tensorScatterUpdate(dy, tf.reshape(index, [-1, 1]), tf.zeros(updates.shape));
        return [kept, tf.zeros(places.shape), tf.gather(dy, index)];
      },
    };
  });
  return run(data, places, updates);
}

function topK(tf: Tf, x: TfTensor, k: number): readonly TfTensor[] {
  const indices = detached(tf, tf.topk(x, k).indices);
  const places = flatPlaces(tf, indices, x.shape.at(-1) as number);
  return [tf.reshape(tf.gather(tf.reshape(x, [-1]), places), indices.shape), indices];
}
