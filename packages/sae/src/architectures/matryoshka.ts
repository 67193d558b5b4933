import { add, mul, reduceSum, reshape, slice, sub } from '@feedprint/graph';
import { auxK } from '../training/aux-k.ts';
import { batchTopK, runningThreshold } from '../training/batch-top-k.ts';
import { nestedDecode } from '../training/nested-decode.ts';
import { batchMeasures, mean } from '../training/objective.ts';
import type { Architecture } from './architecture.ts';
import { thresholdForBatch } from './batchtopk.ts';

export const matryoshka: Architecture<'matryoshka'> = {
  ...thresholdForBatch,
  training: {
    decoder: 'unit',
    ...runningThreshold,
    /** The loss is the sum of the errors of the nested reconstructions, all weighted equally (Bussmann et al. 2025). */
    objective(inputs) {
      const { kind, sae, x } = inputs;
      const { z, pre, running } = batchTopK(inputs, kind.k);
      const [rows, dIn] = x.shape as [number, number];
      const last = kind.widths.length - 1;
      const nested = add(nestedDecode(z, sae.wDec, kind.widths), sae.bDec);
      const error = sub(nested, x);
      const errors = reduceSum(mul(error, error), [2]);
      const whole = reshape(slice(nested, 0, last, last + 1), [rows, dIn]);
      return {
        loss: mean(reduceSum(errors, [0])),
        reconstruction: whole,
        ...batchMeasures(z, reshape(slice(errors, 0, last, last + 1), [rows])),
        running,
        ...auxK(inputs, { reconstruction: whole, pre: () => pre }),
      };
    },
  },
};
