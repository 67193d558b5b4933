import { mul, relu, topKMask } from '@feedprint/graph';
import { preActivations } from './architecture.ts';
import type { Architecture } from './architecture.ts';

export const topk: Architecture<'topk'> = {
  centred: ({ centred = true }) => centred,
  extra: [],
  encode({ k, centred = true }, sae, x) {
    const pre = preActivations(sae, x, centred);
    return mul(relu(pre), topKMask(pre, k));
  },
};
