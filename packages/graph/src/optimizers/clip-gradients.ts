import { add, clip, div, minimum, mul, sqrt } from '../ops/elementwise.ts';
import { reduceSumSquare } from '../ops/reduce.ts';
import type { Tensor } from '../tensor.ts';

export interface ClippedGradients {
  readonly gradients: readonly Tensor[];
  /** Norm of all gradients together before clipping, a scalar. */
  readonly norm: Tensor;
}

/** Scales all gradients by one factor so that their joint norm is at most `maxNorm`, like PyTorch's `clip_grad_norm_`. */
export function clipByGlobalNorm(
  gradients: readonly [Tensor, ...Tensor[]],
  maxNorm: number,
): ClippedGradients {
  const squares = gradients.map((gradient) =>
    reduceSumSquare(
      gradient,
      gradient.shape.map((_, axis) => axis),
    ),
  );
  const norm = sqrt(squares.reduce((sum, square) => add(sum, square)));
  // PyTorch's guard against a norm of 0.
  const factor = minimum(div(maxNorm, add(norm, 1e-6)), 1);
  return { gradients: gradients.map((gradient) => mul(gradient, factor)), norm };
}

/** Clamps every number of the gradients between `-limit` and `limit`. */
export const clipByValue = (gradients: readonly Tensor[], limit: number): Tensor[] =>
  gradients.map((gradient) => clip(gradient, -limit, limit));
