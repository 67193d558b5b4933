import type { Value } from '@feedprint/graph';

export const scalar = (value: number): Value => ({ data: Float32Array.of(value), shape: [] });

/** Numbers one below another, `[count, 1]`. */
export const column = (values: ArrayLike<number>): Value => ({
  data: Float32Array.from(values),
  shape: [values.length, 1],
});
