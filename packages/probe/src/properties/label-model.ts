import { collinearityOf } from './collinear.ts';
import { labelEffects } from './label-effects.ts';
import type { Comparisons } from './label-effects.ts';
import type { Estimate } from './learned-effects.ts';
import type { FoundProperties, LabelledReplies, PropertyEvidence } from './property-evidence.ts';
import { rewardedProperties } from './rewarded-properties.ts';
import { scaleProperties } from './scale-properties.ts';
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
}

/** Explains labels as an audit does. Throws `numbers-invalid` for numbers that are not finite. */
export function explainLabels(
  evidence: PropertyEvidence & { readonly labels: LabelledReplies },
): LabelModel {
  const { kept, deviations, differences, base } = scaleProperties(evidence);
  const comparisons = { ...evidence.labels, differences };
  return {
    names: kept.map((place) => evidence.names[place] as string),
    deviations,
    comparisons,
    rewarded: rewardedProperties(comparisons, collinearityOf(base)),
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
  };
}

/** The effect of a property on labels, logits per standard deviation, given others. */
export function labelEffect(
  comparisons: Comparisons,
  property: number,
  others: readonly number[],
): Estimate {
  const around = others.filter((other) => other !== property);
  const { weights, errors } = labelEffects(comparisons, [...around, property]);
  return { value: weights.at(-1) as number, error: errors.at(-1) as number };
}
