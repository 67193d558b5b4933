import type { PartOf } from '@feedprint/report';
import type { FeatureReport, features } from '@feedprint/report/chapters/features';
import type { Validated } from '../ablation/validate.ts';
import { saeOf } from '../dictionaries/saes.ts';
import type { TrainedSae } from '../dictionaries/saes.ts';
import { known } from '../known.ts';
import type { ScoredWord } from '../parts.ts';
import type { FeatureAttribution } from './attribute.ts';
import type { ChangeAttributed } from './change-attribution.ts';
import type { FeatureDiscrepancies } from './feature-discrepancies.ts';
import type { LabeledFeature } from './label.ts';

/** What the report's part on features is made from. */
export interface FeatureSources {
  readonly saes: readonly TrainedSae[];
  readonly change: ChangeAttributed;
  readonly attribute: FeatureAttribution;
  readonly contradicting: FeatureDiscrepancies;
  readonly label: readonly LabeledFeature[];
  readonly validate: Validated;
}

export function reportFeatures(
  words: readonly ScoredWord[],
  sources: FeatureSources,
): PartOf<typeof features> {
  const { attribute, change, contradicting } = sources;
  return {
    attribution: {
      shift: attribute.shift,
      explained: attribute.explained,
      explainedBase: attribute.explainedBase,
      features: attribute.features.length,
      positions: attribute.positions,
      change: isDifferentiable(change)
        ? { windows: change.windows, shift: change.shift, sites: change.sites }
        : null,
      contradicting: {
        words: contradicting.words,
        tested: contradicting.features.length,
        flagged: contradicting.features.filter(({ flagged }) => flagged).length,
      },
      words: Object.fromEntries(words.map(({ id }, i) => [id, attribute.words[i] ?? []])),
    },
    features: sources.label.map((feature) => reportFeature(feature, sources)),
  };
}

const isDifferentiable = ({ sites }: ChangeAttributed): boolean => sites.length > 0;

function reportFeature(
  { feature: index, matchedBase, matchedLarge, ...feature }: LabeledFeature,
  { saes, change, contradicting, validate }: FeatureSources,
): FeatureReport {
  const { metrics } = saeOf(saes, 'tuned', 'small', feature);
  const tested = known(validate.validation.features[feature.id], feature.id);
  return {
    ...feature,
    index,
    density: metrics.density[index] ?? 0,
    matchedBase,
    matchedLarge,
    change: isDifferentiable(change) ? feature.change : null,
    oddsRatio: tested.oddsRatio,
    fisherP: tested.p,
    activity: tested.table,
    enrichmentControl: tested.control,
    ablationEffect: tested.ablationEffect,
    discrepancy: discrepancyOf(contradicting, feature.id),
  };
}

function discrepancyOf(
  { features }: FeatureDiscrepancies,
  id: string,
): FeatureReport['discrepancy'] {
  const { id: _, ...discrepancy } = known(
    features.find((feature) => feature.id === id),
    id,
  );
  return discrepancy;
}
