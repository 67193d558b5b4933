import { abs, cast, customGradient, greater, less, mul, reduceSum, sub } from '@feedprint/graph';
import type { Tensor } from '@feedprint/graph';

/**
 * pre where it exceeds the threshold, else 0: `pre [rows, features]`, positive `threshold [features]`. The threshold's
 * gradient is estimated from the pre-activations within half a bandwidth of it, -threshold / bandwidth each (Rajamanoharan
 * et al. 2024, arXiv 2407.14435); the gradient of `pre` is exact wherever it exists.
 */
export function jumpRelu(pre: Tensor, threshold: Tensor, bandwidth: number): Tensor {
  const isActive = cast(greater(pre, threshold), 'float32');
  return customGradient(mul(pre, isActive), [pre, threshold], (g) => [
    mul(g, isActive),
    mul(pull(g, pre, threshold, bandwidth), mul(threshold, -1 / bandwidth)),
  ]);
}

/** 1 where pre exceeds the threshold, else 0; likewise, -1 / bandwidth each. No gradient reaches `pre`. */
export function heaviside(pre: Tensor, threshold: Tensor, bandwidth: number): Tensor {
  const isActive = cast(greater(pre, threshold), 'float32');
  return customGradient(isActive, [pre, threshold], (g) => [
    undefined,
    mul(pull(g, pre, threshold, bandwidth), -1 / bandwidth),
  ]);
}

/** The gradients of the pre-activations near the threshold, summed over rows, `[features]`. */
function pull(gradient: Tensor, pre: Tensor, threshold: Tensor, bandwidth: number): Tensor {
  const isNear = less(abs(sub(pre, threshold)), bandwidth / 2);
  return reduceSum(mul(gradient, cast(isNear, 'float32')), [0]);
}
