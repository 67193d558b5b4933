import { preActivations } from './architecture.ts';
import type { Architecture } from './architecture.ts';
import { aboveThreshold } from './jumprelu.ts';

/** Outside training a row's features must not depend on the rows beside it: a threshold stands for the batch. */
export const batchtopk: Architecture<'batchtopk'> = {
  centred: () => true,
  extra: ['threshold'],
  encode: (_, sae, x) => aboveThreshold(sae, preActivations(sae, x, true)),
};
