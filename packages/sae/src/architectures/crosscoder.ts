import { add, cast, greater, mul, reduceSum, relu, reshape, sqrt } from '@feedprint/graph';
import type { Tensor } from '@feedprint/graph';
import { preActivations } from './architecture.ts';
import type { Architecture } from './architecture.ts';

export const crosscoder: Architecture<'crosscoder'> = {
  centred: () => true,
  extra: ['threshold'],
  encode({ models }, sae, x) {
    const z = relu(preActivations(sae, x, true));
    const score = mul(z, decoderLength(sae.wDec, models));
    return mul(z, cast(greater(score, sae.extra['threshold'] as Tensor), 'float32'));
  },
};

/** Sum over models of the lengths of a feature's decoder vectors, `[dSae, models width]` -> `[dSae]`. */
export function decoderLength(wDec: Tensor, models: number): Tensor {
  const [dSae, dIn] = wDec.shape as [number, number];
  const parts = reshape(mul(wDec, wDec), [dSae, models, dIn / models]);
  return reduceSum(sqrt(add(reduceSum(parts, [2]), 1e-12)), [1]);
}
