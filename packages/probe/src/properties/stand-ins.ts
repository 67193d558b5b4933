import { normalCdf } from '../statistics/normal.ts';
import { partnersOf } from './collinear.ts';
import type { Collinearity } from './collinear.ts';
import { labelEffect, labelEffects, labelLosses } from './label-effects.ts';
import type { Comparisons } from './label-effects.ts';
import { unexplained } from './learned-effects.ts';
import type { FreshDifferences } from './learned-effects.ts';
import { inPlaceOf, isBeyondIndifference, LEVEL } from './rewarded-properties.ts';
import { surelyWorse } from './surely-worse.ts';

/**
 * Properties that cannot be told from some of those chosen, each with those that it may stand in for: they vary together, and what
 * is to be explained is surely explained no worse with it in their place.
 */
export type StandIns = ReadonlyMap<number, readonly number[]>;

/** Which of the chosen a property's effect is taken given: all others, but for those that it stands in for. */
export const othersOf = (
  property: number,
  chosen: readonly number[],
  standIns: StandIns | undefined,
): readonly number[] => {
  const replaced = standIns?.get(property) ?? [];
  return chosen.filter((other) => other !== property && !replaced.includes(other));
};

/** Properties that the labels may depend on as well as on those chosen. They are no less sure of an effect than those. */
export function labelStandIns(
  comparisons: Comparisons,
  chosen: readonly number[],
  collinearity: Collinearity,
): StandIns {
  const count = comparisons.differences.length;
  const losses = (places: readonly number[]): Float64Array =>
    labelLosses(comparisons, labelEffects(comparisons, places).logits);
  const lost = losses(chosen);
  return standIns(count, chosen, collinearity, (property, places) => {
    const effect = labelEffect(comparisons, property, places);
    const chance = 2 * normalCdf(-Math.abs(effect.value) / effect.error);
    return (
      isBeyondIndifference(effect) &&
      chance * count <= LEVEL &&
      !surelyWorse(losses(places), lost, comparisons.groups)
    );
  });
}

/** Properties that may explain R as well as those chosen. */
export function learnedStandIns(
  fresh: FreshDifferences,
  chosen: readonly number[],
  collinearity: Collinearity,
): StandIns {
  const rest = unexplained(fresh, chosen);
  return standIns(
    fresh.moved.length,
    chosen,
    collinearity,
    (_, places) => !surelyWorse(unexplained(fresh, places), rest, fresh.prompts),
  );
}

function standIns(
  count: number,
  chosen: readonly number[],
  collinearity: Collinearity,
  isAsGood: (property: number, places: readonly number[]) => boolean,
): StandIns {
  const found = new Map<number, readonly number[]>();
  for (let property = 0; property < count; property++) {
    const partners = partnersOf(collinearity, property, chosen);
    if (chosen.includes(property) || partners.length === 0) continue;
    if (isAsGood(property, inPlaceOf(partners, property, chosen))) found.set(property, partners);
  }
  return found;
}
