import { row } from '@feedprint/core';
import type { Feature } from '../../api/features.ts';
import type { ModelDesk } from '../models/model-desk.ts';
import type { RunFolder } from '../runs/run-folders.ts';
import type { FeatureTable } from './feature-table.ts';
import type { FeaturePlace } from './read-feature.ts';

/** Features named of a dictionary. */
const TOP = 5;

/** The features whose decoder vectors are most like a feature's; null where the run has no dictionary. Refuses where one cannot be read. */
export async function nearOf(
  models: ModelDesk,
  run: RunFolder,
  { site, index, table }: FeaturePlace & { readonly table: FeatureTable },
): Promise<Feature['near']> {
  const { nearestFeatures } = await import('@feedprint/recipes');
  const own = (await models.saes(run)).get(site);
  const base = (await models.saes(run, { role: 'base', size: 'small' })).get(site);
  const large = (await models.saes(run, { role: 'tuned', size: 'large' })).get(site);
  if (!own) return null;
  const direction = row(own.weights.wDec, index);
  const near = (
    sae: typeof base,
    without?: number,
  ): { index: number; cosine: number; label: null }[] =>
    sae
      ? nearestFeatures(direction, sae, {
          top: TOP,
          ...(without !== undefined && { without }),
        }).map((one) => ({ ...one, label: null }))
      : [];
  return {
    own: near(own, index).map((one) => ({
      ...one,
      label: table.find(site, one.index)?.label ?? null,
    })),
    base: near(base),
    large: near(large),
  };
}
