import type { Backward, RowSum } from '../graph.ts';
import type { Tensor } from '../tensor.ts';

/**
 * The same value with a gradient of the caller's: `backward` gives the gradients of `sources` from that of the result, whatever
 * the value was computed from. For straight-through estimators, and where a gradient is known to be cheaper.
 */
export function customGradient(
  value: Tensor,
  sources: readonly Tensor[],
  backward: Backward,
  rowSum?: RowSum,
): Tensor {
  const { graph, shape, type } = value;
  return graph.node('Identity', [value], {
    shape,
    type,
    sources,
    backward,
    ...(rowSum && { rowSum }),
  });
}

/** The same value, through which no gradient passes. */
export const stopGradient = (x: Tensor): Tensor => customGradient(x, [], () => []);
