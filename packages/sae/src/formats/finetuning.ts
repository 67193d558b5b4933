import type { SaeWeights } from '@feedprint/core';
import type { CheckedTensors } from './checked-tensors.ts';
import { foldDecoderFactors } from './folds.ts';
import { unsupported } from './refusals.ts';

/**
 * Folds a tensor `scaling_factor` `[dSae]` that multiplies features in the decoder. Some versions wrote one of all ones
 * without need; any other throws `checkpoint-unsupported` unless the configuration says that it is `used`.
 */
export function foldFinetuning(
  weights: SaeWeights,
  tensors: CheckedTensors,
  used: boolean,
): SaeWeights {
  const name = ['scaling_factor', 'finetuning_scaling_factor'].find((n) => tensors.has(n));
  if (name === undefined) return weights;
  const factors = tensors.vector(name, weights.bEnc.length);
  if (factors.every((v) => Math.abs(v - 1) <= 1e-5)) return weights;
  if (used) return foldDecoderFactors(weights, factors);
  throw unsupported(
    tensors.path,
    `${name} is not all ones, and no cfg.json sets finetuning_scaling_factor`,
    'set it there if the factors belong to the SAE, or remove the tensor',
  );
}
