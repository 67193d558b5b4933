import {
  add,
  concat,
  cumSum,
  customGradient,
  matmul,
  reshape,
  slice,
  swapLast,
} from '@feedprint/graph';
import type { Tensor } from '@feedprint/graph';

/**
 * What the first `widths[i]` features reconstruct, for each i: `z [rows, dSae]`, `wDec [dSae, dIn]` ->
 * `[widths, rows, dIn]`, with each block of features multiplied once. In the gradient, the reconstructions that contain a
 * block are summed before the block is multiplied.
 */
export function nestedDecode(z: Tensor, wDec: Tensor, widths: readonly number[]): Tensor {
  const [rows, dIn] = [z.shape[0], wDec.shape[1]] as [number, number];
  const blocks = widths.map((end, i) => {
    const start = widths[i - 1] ?? 0;
    return { z: slice(z, 1, start, end), wDec: slice(wDec, 0, start, end) };
  });
  let sum: Tensor | undefined;
  const prefixes = blocks.map((block) => {
    const product = matmul(block.z, block.wDec);
    sum = sum ? add(sum, product) : product;
    return reshape(sum, [1, rows, dIn]);
  });
  return customGradient(concat(prefixes as [Tensor, ...Tensor[]], 0), [z, wDec], (g) => {
    const from = cumSum(g, 0, true);
    const slopes = blocks.map((_, i) => reshape(slice(from, 0, i, i + 1), [rows, dIn]));
    const forZ = blocks.map((block, i) => matmul(slopes[i] as Tensor, swapLast(block.wDec)));
    const forW = blocks.map((block, i) => matmul(swapLast(block.z), slopes[i] as Tensor));
    return [concat(forZ as [Tensor, ...Tensor[]], 1), concat(forW as [Tensor, ...Tensor[]], 0)];
  });
}
