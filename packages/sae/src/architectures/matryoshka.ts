import type { Architecture } from './architecture.ts';
import { preActivations } from './architecture.ts';
import { aboveThreshold } from './jumprelu.ts';

export const matryoshka: Architecture<'matryoshka'> = {
  centred: () => true,
  extra: ['threshold'],
  encode: (_, sae, x) => aboveThreshold(sae, preActivations(sae, x, true)),
};
