import { collinearityOf } from './collinear.ts';
import type { Comparisons } from './label-effects.ts';
import type { FoundProperties, LabelledReplies, PropertyEvidence } from './property-evidence.ts';
import { rewardedProperties } from './rewarded-properties.ts';
import { scaleProperties } from './scale-properties.ts';
import { labelStandIns } from './stand-ins.ts';
import type { StandIns } from './stand-ins.ts';
import { takeAt, takePairs } from './take-pairs.ts';

/** What the labels of pairs depend on: properties per standard deviation, and the few that explain the labels. */
export interface LabelModel {
  /** Of the properties that vary enough; places below are places among them. */
  readonly names: readonly string[];
  /** Standard deviations over the base's replies, in the properties' units. */
  readonly deviations: readonly number[];
  readonly comparisons: Comparisons;
  /** Places of the properties that the labels depend on, strongest first. */
  readonly rewarded: readonly number[];
  /** Those that the labels may depend on in place of some of `rewarded`. */
  readonly standIns: StandIns;
}

/** Explains labels as an audit does. Throws `numbers-invalid` for numbers that are not finite. */
export function explainLabels(
  evidence: PropertyEvidence & { readonly labels: LabelledReplies },
): LabelModel {
  const { kept, deviations, differences, base } = scaleProperties(evidence);
  const comparisons = { ...evidence.labels, differences };
  const collinearity = collinearityOf(base);
  const rewarded = rewardedProperties(comparisons, collinearity);
  return {
    names: kept.map((place) => evidence.names[place] as string),
    deviations,
    comparisons,
    rewarded,
    standIns: labelStandIns(comparisons, rewarded, collinearity),
  };
}

/** The same of properties that were found in pairs, on the labels of the others: those that explain labels come first. */
export function labelsOfFound(
  { fresh }: Pick<PropertyEvidence, 'fresh'>,
  { names, deviations, comparisons, rewarded }: LabelModel,
  { unseen, ...found }: FoundProperties,
): LabelModel {
  const pairs = takePairs(comparisons, unseen);
  const scaled = scaleProperties({
    names: found.names,
    fresh: { ...fresh, base: found.base, tuned: found.tuned },
    labels: { ...pairs, chosen: found.chosen, rejected: found.rejected },
  });
  const first = <T>(columns: readonly T[]): T[] => rewarded.map((j) => columns[j] as T);
  return {
    names: [...first(names), ...scaled.kept.map((place) => found.names[place] as string)],
    deviations: [...first(deviations), ...scaled.deviations],
    comparisons: {
      ...pairs,
      differences: [
        ...first(comparisons.differences).map((column) => takeAt(column, unseen)),
        ...scaled.differences,
      ],
    },
    rewarded: [...rewarded.keys()],
    standIns: new Map(),
  };
}
