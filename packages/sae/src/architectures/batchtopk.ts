import type { Tensor } from '@feedprint/graph';
import { auxK } from '../training/aux-k.ts';
import { batchTopK, runningThreshold } from '../training/batch-top-k.ts';
import { batchMeasures, mean, squaredErrors } from '../training/objective.ts';
import type { Architecture } from './architecture.ts';
import { aboveThreshold } from './jumprelu.ts';
import { decodeTensor, preActivations } from './sae-tensors.ts';
import type { SaeTensors } from './sae-tensors.ts';

/** Outside training, a row's features must not depend on the other rows: a threshold takes the place of the batch. */
export const thresholdForBatch = {
  centred: () => true,
  extra: ['threshold'],
  encode: (_: unknown, sae: SaeTensors, x: Tensor) =>
    aboveThreshold(sae, preActivations(sae, x, true)),
} satisfies Omit<Architecture, 'training'>;

export const batchtopk: Architecture<'batchtopk'> = {
  ...thresholdForBatch,
  training: {
    decoder: 'unit',
    ...runningThreshold,
    objective(inputs) {
      const { z, pre, running } = batchTopK(inputs, inputs.kind.k);
      const reconstruction = decodeTensor(inputs.sae, z);
      const rowErrors = squaredErrors(reconstruction, inputs.x);
      return {
        loss: mean(rowErrors),
        reconstruction,
        ...batchMeasures(z, rowErrors),
        running,
        ...auxK(inputs, { reconstruction, pre: () => pre }),
      };
    },
  },
};
