import { cast, greater, mul, relu } from '@feedprint/graph';
import type { Tensor } from '@feedprint/graph';
import { preActivations } from './architecture.ts';
import type { Architecture, SaeTensors } from './architecture.ts';

export const jumprelu: Architecture<'jumprelu'> = {
  centred: ({ centred = true }) => centred,
  extra: ['threshold'],
  encode: ({ centred = true }, sae, x) => aboveThreshold(sae, preActivations(sae, x, centred)),
};

/** ReLU(pre) where pre exceeds its feature's threshold, else 0. */
export const aboveThreshold = ({ extra }: SaeTensors, pre: Tensor): Tensor =>
  mul(relu(pre), cast(greater(pre, extra['threshold'] as Tensor), 'float32'));
