import { relu as positive } from '@feedprint/graph';
import { l1Objective } from '../training/objective.ts';
import type { Architecture } from './architecture.ts';
import { preActivations } from './sae-tensors.ts';

export const relu: Architecture<'relu'> = {
  centred: ({ centred = true }) => centred,
  extra: [],
  encode: ({ centred = true }, sae, x) => positive(preActivations(sae, x, centred)),
  training: {
    decoder: 'unit',
    objective: (inputs) => l1Objective(inputs, relu.encode(inputs.kind, inputs.sae, inputs.x)),
  },
};
