import {
  add,
  columnSums,
  mul,
  relu,
  sparseMatmul,
  sub,
  topKMask,
  topKProjection,
} from '@feedprint/graph';
import { auxK } from '../training/aux-k.ts';
import { activeFeatures, mean, squaredErrors } from '../training/objective.ts';
import type { Architecture } from './architecture.ts';
import { preActivations } from './sae-tensors.ts';

export const topk: Architecture<'topk'> = {
  centred: ({ centred = true }) => centred,
  extra: [],
  encode({ k, centred = true }, sae, x) {
    const pre = preActivations(sae, x, centred);
    return mul(relu(pre), topKMask(pre, k));
  },
  training: {
    decoder: 'unit',
    /** Only the k features of each row enter the computation, and only their gradients. */
    objective(inputs) {
      const { kind, sae, wEncRows, x } = inputs;
      const { k, centred = true } = kind;
      const top = topKProjection(centred ? sub(x, sae.bDec) : x, wEncRows, sae.bEnc, k);
      const z = { ...top, values: relu(top.values) };
      const reconstruction = add(sparseMatmul(z, sae.wDec), sae.bDec);
      const rowErrors = squaredErrors(reconstruction, x);
      return {
        loss: mean(rowErrors),
        reconstruction,
        rowErrors,
        l0: activeFeatures(z.values),
        fired: columnSums(z),
        ...auxK(inputs, { reconstruction, pre: () => preActivations(sae, x, centred) }),
      };
    },
  },
};
