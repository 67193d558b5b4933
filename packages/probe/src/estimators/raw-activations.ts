import type { FeatureEstimator } from './feedback-estimator.ts';
import { createLabelProbe } from './label-probe.ts';

/** The stated-label probe without SAEs: a ridge probe from unencoded activations to stated feedback, word-disjoint. */
export const createRawActivationsEstimator = (): FeatureEstimator =>
  createLabelProbe({
    name: 'raw activations',
    description:
      "The stated-label probe without sparse autoencoders: ridge from the tuned model's activations at a word to its stated feedback, word-disjoint folds.",
    reads: 'activations',
    from: ({ activations }) => activations,
  });
