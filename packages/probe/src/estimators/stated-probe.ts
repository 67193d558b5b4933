import type { FeatureEstimator } from './feedback-estimator.ts';
import { createLabelProbe } from './label-probe.ts';

/** A ridge probe from SAE features to stated feedback, word-disjoint. */
export const createStatedProbeEstimator = (): FeatureEstimator =>
  createLabelProbe({
    name: 'stated-label probe',
    description:
      "Ridge from the tuned model's SAE features at a word to its stated feedback, word-disjoint folds. It shows what is readable, not what was learned: compare the base model.",
    reads: 'SAE features',
    from: ({ features }) => features,
  });
