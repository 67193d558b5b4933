import type { Matrix } from '@feedprint/core';
import type { Head } from '../methods/method.ts';

/** What the head says per unit of its parameters: with it, the policy's learning rate serves both. */
export const VALUE_SCALE = 30;

/** Names of the value head's parameters. */
export const valueHead = { weight: 'value_head.weight', bias: 'value_head.bias' } as const;

/** A linear estimate of the return from the policy's last states; it starts at 0. */
export const valueHeads: readonly Head[] = [
  { name: valueHead.weight, shape: (width) => [width, 1] },
  { name: valueHead.bias, shape: () => [1] },
];

/** What a head with these parameters says of states `[tokens, width]`. */
export function valuesOf(
  { data, rows, columns }: Matrix,
  weight: Float32Array,
  bias: Float32Array,
): Float64Array {
  return Float64Array.from({ length: rows }, (_, r) => {
    let sum = bias[0] as number;
    for (let i = 0; i < columns; i++) {
      sum += (weight[i] as number) * (data[r * columns + i] as number);
    }
    return VALUE_SCALE * sum;
  });
}
