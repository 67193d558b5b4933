import { relu } from '@feedprint/graph';
import { l1Objective } from '../training/objective.ts';
import type { Architecture } from './architecture.ts';
import { preActivations } from './sae-tensors.ts';

/** The paper's SAE does not centre its input. */
export const tied: Architecture<'tied'> = {
  centred: () => false,
  extra: [],
  encode: (_, sae, x) => relu(preActivations(sae, x, false)),
  training: {
    decoder: 'unit',
    isTied: true,
    objective: (inputs) => l1Objective(inputs, tied.encode(inputs.kind, inputs.sae, inputs.x)),
  },
};
