import { FeedprintError } from '@feedprint/core';
import type { SparseAutoencoder } from '@feedprint/core';
import { isGraphSae } from '../randomize.ts';
import type { GraphSae } from '../sae.ts';

/** The SAE, if it is a crosscoder of a base and a tuned model. Throws `usage` for any other. */
export function crosscoderOf(sae: SparseAutoencoder): GraphSae {
  const models =
    isGraphSae(sae) && sae.architecture.kind === 'crosscoder' ? sae.architecture.models : 0;
  if (isGraphSae(sae) && models === 2) return sae;
  throw new FeedprintError({
    code: 'usage',
    message:
      models === 0
        ? `an SAE of kind ${sae.kind} reads one model's activations`
        : `the crosscoder reads ${models} models, not a base and a tuned one`,
    remedy: 'train a crosscoder on concatStores(base, tuned)',
  });
}
