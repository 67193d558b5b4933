import { createRandom } from '@feedprint/core';
import { carryingProperties, surelyExceeds } from './carrying-properties.ts';
import { collinearityOf, partnersOf } from './collinear.ts';
import { dealtEffects } from './dealt-labels.ts';
import { labelEffect } from './label-effects.ts';
import { learnedEffect } from './learned-effects.ts';
import type { Estimate, FreshDifferences, LearnedEffect } from './learned-effects.ts';
import { comparisonsOf } from './rated-comparisons.ts';
import { meanOfGroups } from './mean-of-groups.ts';
import type { Declared, LogRatios, PropertyEvidence } from './property-evidence.ts';
import { rewardEffects } from './reward-effects.ts';
import { rewardedProperties } from './rewarded-properties.ts';
import { scaleProperties } from './scale-properties.ts';
import { labelStandIns, learnedStandIns, othersOf } from './stand-ins.ts';
import type { StandIns } from './stand-ins.ts';

/** What is measured of one property that varies enough, before it is judged. */
export interface MeasuredProperty {
  readonly name: string;
  /** Standard deviation over the base's replies. */
  readonly deviation: number;
  readonly declared: Declared | undefined;
  /** On the reward of replies, its standard deviations; absent without a reward, or where no pair differs in it. */
  readonly reward: Estimate | undefined;
  /** Pairs of which the reward scores both replies. */
  readonly scored: number;
  /** Which way it was asked for. */
  readonly asked: Declared | undefined;
  /** On the labels; absent without labels. */
  readonly inData: Estimate | undefined;
  /** Pairs whose replies differ in it; of rated replies, those that differ from the usual one. */
  readonly compared: number;
  /** Whether the labels depend on it. */
  readonly isRewarded: boolean;
  readonly effect: LearnedEffect;
  /** How much more of it the tuned model writes, standard deviations. */
  readonly behaves: Estimate;
  /** Whether it is among those that explain R. */
  readonly isChosen: boolean;
  /** Whether it is not, and explains R, and the labels where they reward these, as well in place of some of those. */
  readonly isStandIn: boolean;
  /** Effects given no other property. */
  readonly alone: { readonly inData: number | null; readonly learned: number };
  /** The largest effect on R of a placebo. */
  readonly placebo: number | null;
  /** The largest effect on labels dealt out at random. */
  readonly dealt: number | null;
  readonly partner: string | null;
}

const none: StandIns = new Map();

export interface MeasuredProperties {
  readonly measured: readonly MeasuredProperty[];
  /** Mean difference in R between the models' replies, nats. */
  readonly difference: Estimate;
}

/**
 * Measures all effects, each given the properties that matter: the labels are explained first, by as few properties as
 * they need; these and those that were asked for then explain R before any other may.
 */
export function measureEffects(evidence: PropertyEvidence): MeasuredProperties {
  const { names, fresh, labels, declared, placebos = [], seed = 0 } = evidence;
  const scaled = scaleProperties(evidence);
  const places = [...scaled.kept.keys()];
  const nameOf = (j: number): string => names[scaled.kept[j] as number] as string;
  const collinearity = collinearityOf(scaled.base);
  const comparisons = labels && comparisonsOf(labels, scaled.differences);
  const rewarded = comparisons ? rewardedProperties(comparisons, collinearity) : [];
  const alikeInData = comparisons ? labelStandIns(comparisons, rewarded, collinearity) : none;
  const labelsGiven = (j: number): readonly number[] => othersOf(j, rewarded, alikeInData);
  const reward =
    comparisons && evidence.rewarded
      ? rewardEffects(evidence.rewarded, comparisons, collinearity)
      : undefined;
  const askedOf = (j: number): Declared | undefined =>
    declared?.get(nameOf(j)) ??
    (reward?.chosen.includes(j) ? signOf(reward.effects[j]?.value ?? 0) : undefined);
  const dealt =
    comparisons && dealtEffects(comparisons, labelsGiven, { random: createRandom(seed) });
  const asked = [...new Set([...places.filter((j) => (askedOf(j) ?? 0) !== 0), ...rewarded])];

  const withRatios = ({ base, tuned }: LogRatios): FreshDifferences => ({
    base: scaled.base.map((column) => column.subarray(0, base.length)),
    moved: scaled.moved.map((column) => column.subarray(0, base.length)),
    ratios: tuned.map((value, i) => value - (base[i] as number)),
    prompts: fresh.prompts.subarray(0, base.length),
  });
  const own = withRatios(fresh.ratios);
  const controls = placebos.map(({ ratios }) => withRatios(ratios));
  const placeboOf = (j: number, others: readonly number[]): number | null =>
    controls.length === 0
      ? null
      : Math.max(...controls.map((each) => Math.abs(learnedEffect(each, j, others).effect.value)));
  const difference = meanOfGroups(own.ratios, fresh.prompts);
  const chosen = carryingProperties(own, collinearity, {
    start: asked,
    difference: difference.value,
    isPossible: (j, effect) => surelyExceeds(effect, placeboOf(j, asked)),
  });
  const alikeInR = learnedStandIns(own, chosen, collinearity);
  const isAlike = (j: number): boolean =>
    (alikeInR.get(j) ?? []).every(
      (one) => (askedOf(one) ?? 0) === 0 && (!rewarded.includes(one) || alikeInData.has(j)),
    );
  const measured = places.map((j): MeasuredProperty => {
    const isStandIn = alikeInR.has(j) && isAlike(j);
    const around = asked.includes(j) || alikeInData.has(j) ? asked : chosen;
    const others = isStandIn ? othersOf(j, around, alikeInR) : around;
    const [partner] = chosen.includes(j) ? [] : partnersOf(collinearity, j, chosen);
    const inData = comparisons && labelEffect(comparisons, j, labelsGiven(j));
    return {
      name: nameOf(j),
      deviation: scaled.deviations[j] as number,
      declared: declared?.get(nameOf(j)),
      reward: reward?.effects[j],
      scored: reward?.pairs ?? 0,
      asked: askedOf(j),
      inData,
      compared: scaled.differences[j]?.filter((value) => value !== 0).length ?? 0,
      isRewarded:
        (rewarded.includes(j) || (isStandIn && alikeInData.has(j))) &&
        Math.abs(inData?.value ?? 0) > (dealt?.[j] ?? 0),
      effect: learnedEffect(own, j, others),
      behaves: meanOfGroups(scaled.written[j] as Float64Array, fresh.prompts),
      isChosen: chosen.includes(j),
      isStandIn,
      alone: {
        inData: comparisons ? labelEffect(comparisons, j, []).value : null,
        learned: learnedEffect(own, j, []).effect.value,
      },
      placebo: placeboOf(j, others),
      dealt: dealt?.[j] ?? null,
      partner: partner === undefined ? null : nameOf(partner),
    };
  });
  return { measured, difference };
}

const signOf = (value: number): Declared => (value > 0 ? 1 : value < 0 ? -1 : 0);
