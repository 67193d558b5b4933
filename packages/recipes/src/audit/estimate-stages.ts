import { captureStage } from './capture.ts';
import { roles, saeName } from './context.ts';
import type { AuditContext, EstimateArtifacts, SaeSize } from './context.ts';
import { contrastStage } from './contrast.ts';
import { estimateStage } from './estimate.ts';
import { featuresStage } from './features.ts';
import type { OpenAudit } from './open-audit.ts';
import { trainSaeStages } from './train-saes.ts';
import { untrainedStage } from './untrained.ts';

/** From the models and the texts to every estimator's figures for the words, with SAEs of these sizes; the small ones are needed. */
export async function estimateStages(
  { context, prepared, options }: Pick<OpenAudit, 'context' | 'prepared' | 'options'>,
  sizes: readonly SaeSize[],
): Promise<EstimateArtifacts> {
  const capture = await captureStage(context);
  const saes = await trainSaeStages(context, capture, sizes);
  const features = await featuresStage(context, capture, saes);
  const untrained = await untrainedStage(context, options.tuned, { capture, saes });
  const contrast = await contrastStage(context, saes);
  const inputs = { capture, features, untrained, contrast };
  const estimate = await estimateStage(context, prepared.occurrences, inputs);
  return { saes, ...inputs, estimate };
}

export const estimateStageNames = (
  { sites }: AuditContext,
  sizes: readonly SaeSize[],
): string[] => [
  'capture',
  ...sites.flatMap((site) =>
    roles.flatMap((role) => sizes.map((size) => saeName(role, size, site))),
  ),
  'features',
  'untrained',
  'contrast',
  'estimate',
];
