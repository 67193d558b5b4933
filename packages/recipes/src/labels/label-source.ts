import type { FeatureEvidence } from '@feedprint/core';
import type { StageContext } from '@feedprint/pipeline';
import type { FeatureLabel } from './label-features.ts';
import type { LabelEnrichment } from './enrich-labels.ts';

/** Where the features to label come from. */
export interface LabelSource {
  /** Everything that decides the evidence; stated in run.json and part of its key. */
  readonly identity: Readonly<Record<string, unknown>>;
  gather(stage: Pick<StageContext, 'progress'>): Promise<readonly FeatureEvidence[]>;
  /** Whether related features are active more often where feedback is strong; absent where there is no feedback. */
  enrich?(labels: readonly FeatureLabel[]): Promise<LabelEnrichment>;
}
