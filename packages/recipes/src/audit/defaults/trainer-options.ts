import type { OnnxTrainerOptions } from '@feedprint/sae';
import type { Preset } from '../settings.ts';

/**
 * How each preset trains its SAEs. `paper`: tied ReLU SAEs, Adam at 1e-3, L1 weight 1e-3 against the mean squared error
 * per dimension (arXiv 2310.08164, section 3.2, in the normalisation of its released code), raw activations.
 */
export const trainerOptions: Readonly<Record<Preset, OnnxTrainerOptions>> = {
  default: { kind: 'topk', k: 16, learningRate: 2e-3, batchRows: 1024, tokens: 200_000 },
  paper: {
    kind: 'tied',
    l1: 1e-3,
    l1Per: 'dimension',
    learningRate: 1e-3,
    batchRows: 1024,
    tokens: 200_000,
    normalize: false,
  },
};
