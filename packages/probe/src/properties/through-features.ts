import { labelEffects } from './label-effects.ts';
import type { Comparisons } from './label-effects.ts';
import type { Columns } from './columns.ts';

/**
 * How much a number of pairs rises with a property's difference, per root mean square of the difference: least squares
 * through the origin, so that nothing depends on which reply stands first. Pairs of which either is unknown (NaN) are
 * left out; 0 where no difference is left.
 */
export function risePerDeviation(
  differences: Float64Array,
  target: Float64Array,
  weights?: Float64Array,
): number {
  let [total, square, both] = [0, 0, 0];
  differences.forEach((x, i) => {
    const [y, weight] = [target[i] as number, weights?.[i] ?? 1];
    if (Number.isNaN(x) || Number.isNaN(y)) return;
    total += weight;
    square += weight * x * x;
    both += weight * x * y;
  });
  return square > 0 ? both / Math.sqrt(square * total) : 0;
}

export interface ThroughFeatures {
  /** Pairs whose `differences` are those of the features, none of which was learned from them. */
  readonly features: Comparisons;
  /** Differences of the properties in the same pairs, `[pairs]` each. */
  readonly properties: Columns;
}

/**
 * What labels say of each property as far as features tell it: the log-odds that all features together give to the labels
 * (Bradley-Terry), and how much these rise per root mean square of the property's difference, logits. Features that are
 * not in words become comparable with properties that are.
 */
export function effectsThroughFeatures({ features, properties }: ThroughFeatures): Float64Array {
  const all = [...features.differences.keys()];
  const { logits } = labelEffects(features, all);
  return Float64Array.from(properties, (differences) =>
    risePerDeviation(differences, logits, features.weights),
  );
}
