import { add, cast, greater, mul, reduceSum, relu, reshape, sqrt } from '@feedprint/graph';
import type { Tensor } from '@feedprint/graph';
import { auxK } from '../training/aux-k.ts';
import { batchTopK, runningThreshold } from '../training/batch-top-k.ts';
import { batchMeasures, mean, squaredErrors } from '../training/objective.ts';
import type { Architecture } from './architecture.ts';
import { decodeTensor, preActivations } from './sae-tensors.ts';

export const crosscoder: Architecture<'crosscoder'> = {
  centred: () => true,
  extra: ['threshold'],
  encode({ models }, sae, x) {
    const z = relu(preActivations(sae, x, true));
    const score = mul(z, decoderLength(sae.wDec, models));
    return mul(z, cast(greater(score, sae.extra['threshold'] as Tensor), 'float32'));
  },
  training: {
    /** What is learned is how long a feature's decoder vectors are in each model. */
    decoder: 'free',
    ...runningThreshold,
    /** The error is summed over all models' units (Minder et al. 2025). */
    objective(inputs) {
      const { kind, sae, x } = inputs;
      const weight = decoderLength(sae.wDec, kind.models);
      const { z, pre, running } = batchTopK(inputs, kind.k, weight);
      const reconstruction = decodeTensor(sae, z);
      const rowErrors = squaredErrors(reconstruction, x);
      return {
        loss: mean(rowErrors),
        reconstruction,
        ...batchMeasures(z, rowErrors),
        running,
        ...auxK(inputs, { reconstruction, pre: () => pre, weight }),
      };
    },
  },
};

/** Sum over models of the lengths of a feature's decoder vectors, `[dSae, models width]` -> `[dSae]`. */
export function decoderLength(wDec: Tensor, models: number): Tensor {
  const [dSae, dIn] = wDec.shape as [number, number];
  const parts = reshape(mul(wDec, wDec), [dSae, models, dIn / models]);
  return reduceSum(sqrt(add(reduceSum(parts, [2]), 1e-12)), [1]);
}
