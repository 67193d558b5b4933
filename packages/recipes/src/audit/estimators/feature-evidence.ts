import type { EstimationInput, WordInput } from '@feedprint/probe';
import { defineStages } from '@feedprint/pipeline';
import type { OutputsOf, Stage, StageGroup } from '@feedprint/pipeline';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import { mainEstimator } from '../parts.ts';
import { contrast } from './contrast.ts';
import { untrained } from './untrained.ts';
import { toEvidence } from './versions.ts';
import { wordFeatures } from './word-features.ts';

/** The stages that `featureEvidence` is made from; all need dictionaries. */
export const featureNeeds = { features: wordFeatures, untrained, contrast };

type FeatureSources = OutputsOf<typeof featureNeeds>;

/** What estimators know about the scored words once there are dictionaries. */
export function featureEvidence(
  { occurrences, settings }: AuditContext,
  { features: { features, activations }, untrained: drawn, contrast: contrasted }: FeatureSources,
): Omit<EstimationInput, keyof WordInput> {
  const evidence = contrasted.evidence();
  return {
    averaged: occurrences.map((n) => Math.min(n, settings.occurrences)),
    features: { ...features, untrained: drawn.features },
    activations: { ...activations, untrained: drawn.activations },
    contrast: {
      ...evidence,
      untrained: drawn.versions && toEvidence(drawn.versions, evidence.tuned.word),
    },
  };
}

/** The stage where the main estimator reads features, none otherwise. */
const ifMainReads = <O>(stage: Stage<AuditContext, O>): StageGroup<AuditContext, O> =>
  defineStages(({ parts }) => (mainEstimator(parts).reads === 'features' ? [stage] : []));

/** `featureNeeds` of the main estimator: empty groups unless it reads features. */
export const mainFeatureNeeds = {
  features: ifMainReads(wordFeatures),
  untrained: ifMainReads(untrained),
  contrast: ifMainReads(contrast),
};

/** `featureEvidence` of a main estimator that reads features. */
export const mainFeatureEvidence = (
  context: AuditContext,
  { features, untrained: drawn, contrast: contrasted }: OutputsOf<typeof mainFeatureNeeds>,
): Omit<EstimationInput, keyof WordInput> =>
  featureEvidence(context, {
    features: known(features[0], 'features of the words'),
    untrained: known(drawn[0], 'the untrained model'),
    contrast: known(contrasted[0], 'contrastive triples'),
  });
