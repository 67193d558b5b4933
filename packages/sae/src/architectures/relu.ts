import { relu as positive } from '@feedprint/graph';
import { preActivations } from './architecture.ts';
import type { Architecture } from './architecture.ts';

export const relu: Architecture<'relu'> = {
  centred: ({ centred = true }) => centred,
  extra: [],
  encode: ({ centred = true }, sae, x) => positive(preActivations(sae, x, centred)),
};
