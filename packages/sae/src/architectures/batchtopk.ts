import { auxK } from '../training/aux-k.ts';
import { batchTopK, runningThreshold } from '../training/batch-top-k.ts';
import { activeFeatures, largestOf, mean, squaredErrors } from '../training/objective.ts';
import { decodeTensor, preActivations } from './architecture.ts';
import type { Architecture } from './architecture.ts';
import { aboveThreshold } from './jumprelu.ts';

/** Outside training a row's features must not depend on the rows beside it: a threshold stands for the batch. */
export const batchtopk: Architecture<'batchtopk'> = {
  centred: () => true,
  extra: ['threshold'],
  encode: (_, sae, x) => aboveThreshold(sae, preActivations(sae, x, true)),
  training: {
    decoder: 'unit',
    ...runningThreshold,
    objective(inputs) {
      const { z, pre, running } = batchTopK(inputs, inputs.kind.k);
      const reconstruction = decodeTensor(inputs.sae, z);
      const rowErrors = squaredErrors(reconstruction, inputs.x);
      return {
        loss: mean(rowErrors),
        rowErrors,
        l0: activeFeatures(z),
        fired: largestOf(z),
        running,
        ...auxK(inputs, { reconstruction, pre: () => pre }),
      };
    },
  },
};
