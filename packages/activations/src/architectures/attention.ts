import {
  greaterOrEqual,
  matmul,
  mul,
  reshape,
  slice,
  softmax,
  swapLast,
  where,
} from '@feedprint/graph';
import type { Tensor } from '@feedprint/graph';

/**
 * Softmax attention in which no position sees later ones. Padding stands after a text's tokens, so they never see it.
 * `qkv` `[batch, heads, length, 3 * headSize]`; gives `[batch, heads, length, headSize]`.
 */
export function causalAttention(
  qkv: Tensor,
  headSize: number,
  positions: Tensor,
  rotate: (x: Tensor) => Tensor,
): Tensor {
  const part = (i: number): Tensor => slice(qkv, -1, i * headSize, (i + 1) * headSize);
  const scores = mul(matmul(rotate(part(0)), swapLast(rotate(part(1)))), 1 / Math.sqrt(headSize));
  const visible = greaterOrEqual(
    reshape(positions, ['length', 1]),
    reshape(positions, [1, 'length']),
  );
  return matmul(softmax(where(visible, scores, -1e30)), part(2));
}
