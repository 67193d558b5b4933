import { matrix, row } from '@feedprint/core';
import type { Matrix, Random } from '@feedprint/core';

/** Endless batches of `size` rows, every row once in a pass, in a new order each pass. The matrix yielded is reused. */
export function* shuffledBatches(
  data: Matrix,
  size: number,
  random: Random,
): Generator<Matrix, never> {
  const order = Int32Array.from({ length: data.rows }, (_, i) => i);
  const batch = matrix(size, data.columns);
  let at = order.length;
  for (;;) {
    for (let i = 0; i < size; i++) {
      if (at === order.length) {
        random.shuffle(order);
        at = 0;
      }
      batch.data.set(row(data, order[at++] as number), i * data.columns);
    }
    yield batch;
  }
}
