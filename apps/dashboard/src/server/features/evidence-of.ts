import { FeedprintError } from '@feedprint/core';
import type { AuditReport } from '@feedprint/recipes';
import type { Feature } from '../../api/features.ts';
import type { RunFolder } from '../runs/run-folders.ts';
import type { FeaturePlace } from './read-feature.ts';

/** Windows shown of those that the labeler saw. */
const SHOWN = 8;

/** What the labeler was asked of a feature and shown; null where the run keeps none. */
export async function evidenceOf(
  { folder }: RunFolder,
  { site, index }: FeaturePlace,
  { settings }: Pick<AuditReport, 'settings'>,
): Promise<Feature['evidence']> {
  const { readEvidence } = await import('@feedprint/recipes');
  try {
    const { question, features } = await readEvidence(folder);
    const seen = features.get(`${site}/${index}`);
    if (!seen) return null;
    return {
      labeler: String(settings['labeler'] ?? 'unknown'),
      question,
      windows: seen.top.slice(0, SHOWN).map(({ tokens, activations }) => ({
        tokens: [...tokens],
        activations: [...activations],
      })),
    };
  } catch (error) {
    if (FeedprintError.is(error)) return null;
    throw error;
  }
}
