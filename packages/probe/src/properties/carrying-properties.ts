import { isCollinear } from './collinear.ts';
import type { Collinearity } from './collinear.ts';
import { learnedEffect } from './learned-effects.ts';
import type { Estimate, FreshDifferences, LearnedEffect } from './learned-effects.ts';
import { BOUND } from './rewarded-properties.ts';

/** Share of the difference in R from which a property that the labels reward counts as learned. */
export const REWARDED_SHARE = 0.02;
/** The same for one that nothing asks for: spill-overs of hard optimisation stay below it. */
export const UNASKED_SHARE = 0.04;

/** Whether a property surely carries more than a share of a difference in R (nats). */
export const surelyCarries = (carried: Estimate, share: number, difference: number): boolean =>
  difference > 0 && carried.value - BOUND * carried.error > share * difference;

/** Whether the effect surely exceeds the largest one of a model that cannot have learned it. */
export const surelyExceeds = ({ effect }: LearnedEffect, placebo: number | null): boolean =>
  Math.abs(effect.value) - BOUND * effect.error > (placebo ?? 0);

/**
 * The properties that explain R: those of `start`, then each that carries more of the difference than indifference
 * allows, given those before it, the one that carries most first. One that varies with a property that is in already is
 * left to it.
 */
export function carryingProperties(
  fresh: FreshDifferences,
  collinearity: Collinearity,
  { start, difference, isPossible }: CarryingOptions,
): number[] {
  const chosen = [...start];
  for (;;) {
    let best: { property: number; carried: number } | undefined;
    for (let property = 0; property < fresh.moved.length; property++) {
      if (chosen.includes(property) || isCollinear(collinearity, property, chosen)) continue;
      const effect = learnedEffect(fresh, property, chosen);
      if (!surelyCarries(effect.carriedAlone, UNASKED_SHARE, difference)) continue;
      if (!isPossible(property, effect)) continue;
      const carried = effect.carriedAlone.value;
      if (carried > (best?.carried ?? 0)) best = { property, carried };
    }
    if (!best) return chosen;
    chosen.push(best.property);
  }
}

export interface CarryingOptions {
  /** Properties that are told or in the data: they explain first. */
  readonly start: readonly number[];
  /** Mean difference in R between the models' replies, nats. */
  readonly difference: number;
  /** Whether the effect is beyond what placebos reach. */
  readonly isPossible: (property: number, effect: LearnedEffect) => boolean;
}
