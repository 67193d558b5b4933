import { createRandom } from '@feedprint/core';
import { carryingProperties, surelyExceeds } from './carrying-properties.ts';
import { collinearityOf } from './collinear.ts';
import { dealtEffects } from './dealt-labels.ts';
import { askedOf, measureProperty, placeboOf } from './effect-scope.ts';
import type { EffectScope, MeasuredProperty } from './effect-scope.ts';
import type { Estimate, FreshDifferences } from './learned-effects.ts';
import { measureFound } from './measure-found.ts';
import { comparisonsOf } from './rated-comparisons.ts';
import { meanOfGroups } from './mean-of-groups.ts';
import type { LogRatios, PropertyEvidence } from './property-evidence.ts';
import { rewardEffects } from './reward-effects.ts';
import { rewardedProperties } from './rewarded-properties.ts';
import { scaleProperties } from './scale-properties.ts';
import { labelStandIns, learnedStandIns, othersOf } from './stand-ins.ts';

export interface MeasuredProperties {
  /** Those that are counted. */
  readonly counted: readonly MeasuredProperty[];
  /** Those that were found in the pairs, list by list. */
  readonly found: readonly (readonly MeasuredProperty[])[];
  /** Mean difference in R between the models' replies, nats. */
  readonly difference: Estimate;
}

/**
 * Measures all effects, each given the properties that matter: the labels are explained first, by as few counted properties
 * as they need; these and those that were asked for then explain R before any other may. Properties that were found in the
 * pairs come last, and change nothing that is said of the others.
 */
export function measureEffects(evidence: PropertyEvidence): MeasuredProperties {
  const scope = scopeOf(evidence);
  return {
    counted: [...scope.names.keys()].map((j) => measureProperty(scope, j)),
    found: (evidence.found ?? []).map((one) => measureFound(evidence, scope, one)),
    difference: meanOfGroups(scope.own.ratios, scope.own.prompts),
  };
}

/** The counted properties, and which of them explain labels and R. */
function scopeOf(evidence: PropertyEvidence): EffectScope {
  const { fresh, labels, declared, placebos = [], seed = 0 } = evidence;
  const scaled = scaleProperties(evidence);
  const names = scaled.kept.map((place) => evidence.names[place] as string);
  const collinearity = collinearityOf(scaled.base);
  const comparisons = labels && comparisonsOf(labels, scaled.differences);
  const rewarded = comparisons ? rewardedProperties(comparisons, collinearity) : [];
  const alikeInData = comparisons && labelStandIns(comparisons, rewarded, collinearity);
  const labelsGiven = (j: number): readonly number[] => othersOf(j, rewarded, alikeInData);
  const reward =
    comparisons && evidence.rewarded
      ? rewardEffects(evidence.rewarded, comparisons, collinearity)
      : undefined;
  const isAsked = (j: number): boolean => (askedOf({ names, declared, reward }, j) ?? 0) !== 0;
  const asked = [...new Set([...[...names.keys()].filter(isAsked), ...rewarded])];

  const withRatios = ({ base, tuned }: LogRatios): FreshDifferences => ({
    base: scaled.base.map((column) => column.subarray(0, base.length)),
    moved: scaled.moved.map((column) => column.subarray(0, base.length)),
    ratios: tuned.map((value, i) => value - (base[i] as number)),
    prompts: fresh.prompts.subarray(0, base.length),
  });
  const own = withRatios(fresh.ratios);
  const controls = placebos.map(({ ratios }) => withRatios(ratios));
  const chosen = carryingProperties(own, collinearity, {
    start: asked,
    difference: meanOfGroups(own.ratios, fresh.prompts).value,
    isPossible: (j, effect) => surelyExceeds(effect, placeboOf(controls, j, asked)),
  });
  return {
    names,
    deviations: scaled.deviations,
    ...{ collinearity, own, controls, comparisons, rewarded, asked, reward, declared },
    written: scaled.written,
    chosen,
    ...(alikeInData && { alikeInData }),
    alikeInR: learnedStandIns(own, chosen, collinearity),
    dealt: comparisons && dealtEffects(comparisons, labelsGiven, { random: createRandom(seed) }),
  };
}
