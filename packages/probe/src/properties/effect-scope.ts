import { partnersOf } from './collinear.ts';
import type { Collinearity } from './collinear.ts';
import type { Columns } from './columns.ts';
import { labelEffect } from './label-effects.ts';
import type { Comparisons } from './label-effects.ts';
import { learnedEffect } from './learned-effects.ts';
import type { Estimate, FreshDifferences, LearnedEffect } from './learned-effects.ts';
import { meanOfGroups } from './mean-of-groups.ts';
import type { Declared } from './property-evidence.ts';
import type { RewardEffects } from './reward-effects.ts';
import type { Resemblance } from './judged-property.ts';
import { othersOf } from './stand-ins.ts';
import type { StandIns } from './stand-ins.ts';

/** Properties on one scale, and those that explain. Places are those of the columns. */
export interface EffectScope {
  readonly names: readonly string[];
  /** Standard deviations over the base's replies. */
  readonly deviations: readonly number[];
  readonly collinearity: Collinearity;
  /** Fresh replies with R. */
  readonly own: FreshDifferences;
  /** The same with the R of models that cannot have learned anything, one each. */
  readonly controls: readonly FreshDifferences[];
  /** Tuned minus base, the outermost replies as they are. */
  readonly written: Columns;
  /** Absent without labels. */
  readonly comparisons: Comparisons | undefined;
  /** Places of what the labels depend on. */
  readonly rewarded: readonly number[];
  /** Of these and of what was asked for. */
  readonly asked: readonly number[];
  /** Of these and of what explains R besides. */
  readonly chosen: readonly number[];
  /** What the labels may depend on in place of some of `rewarded`. */
  readonly alikeInData?: StandIns;
  /** What may explain R in place of some of `chosen`. */
  readonly alikeInR?: StandIns;
  /** The largest effect of each on labels dealt out at random. */
  readonly dealt: Float64Array | undefined;
  readonly reward: RewardEffects | undefined;
  /** What was declared, by name. */
  readonly declared: ReadonlyMap<string, Declared> | undefined;
}

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
  /** Fresh replies that it was measured on. */
  readonly replies: number;
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
  /** Of a property that was found in pairs. */
  readonly resembles?: Omit<Resemblance, 'drawn'>;
  /** Nats of the difference in R that it must surely carry, as what was drawn at random does. Default: 0. */
  readonly least?: number | undefined;
}

/** Measures all effects of one property, each given those that matter. */
export function measureProperty(scope: EffectScope, j: number): MeasuredProperty {
  const { comparisons, collinearity, own, controls, rewarded, asked, chosen } = scope;
  const { alikeInData, alikeInR } = scope;
  const isAlikeInData = alikeInData?.has(j) ?? false;
  const isStandIn =
    (alikeInR?.has(j) ?? false) &&
    (alikeInR?.get(j) ?? []).every(
      (one) => (askedOf(scope, one) ?? 0) === 0 && (!rewarded.includes(one) || isAlikeInData),
    );
  const around = asked.includes(j) || isAlikeInData ? asked : chosen;
  const others = isStandIn ? othersOf(j, around, alikeInR) : around;
  const [partner] = chosen.includes(j) ? [] : partnersOf(collinearity, j, chosen);
  const inData = comparisons && labelEffect(comparisons, j, othersOf(j, rewarded, alikeInData));
  const nameOf = (place: number): string => scope.names[place] as string;
  return {
    name: nameOf(j),
    deviation: scope.deviations[j] as number,
    declared: scope.declared?.get(nameOf(j)),
    reward: scope.reward?.effects[j],
    scored: scope.reward?.pairs ?? 0,
    asked: askedOf(scope, j),
    inData,
    compared: comparisons?.differences[j]?.filter((value) => value !== 0).length ?? 0,
    replies: 2 * own.ratios.length,
    isRewarded:
      (rewarded.includes(j) || (isStandIn && isAlikeInData)) &&
      Math.abs(inData?.value ?? 0) > (scope.dealt?.[j] ?? 0),
    effect: learnedEffect(own, j, others),
    behaves: meanOfGroups(scope.written[j] as Float64Array, own.prompts),
    isChosen: chosen.includes(j),
    isStandIn,
    alone: {
      inData: comparisons ? labelEffect(comparisons, j, []).value : null,
      learned: learnedEffect(own, j, []).effect.value,
    },
    placebo: placeboOf(controls, j, others),
    dealt: scope.dealt?.[j] ?? null,
    partner: partner === undefined ? null : nameOf(partner),
  };
}

/** Which way a property was asked for: as declared or, where nothing was, as the reward surely depends on it. */
export function askedOf(
  { names, declared, reward }: Pick<EffectScope, 'names' | 'declared' | 'reward'>,
  j: number,
): Declared | undefined {
  const stated = declared?.get(names[j] as string);
  if (stated !== undefined || !reward?.chosen.includes(j)) return stated;
  return Math.sign(reward.effects[j]?.value ?? 0) as Declared;
}

/** The largest effect of a placebo; null without placebos. */
export const placeboOf = (
  controls: readonly FreshDifferences[],
  j: number,
  others: readonly number[],
): number | null =>
  controls.length === 0
    ? null
    : Math.max(...controls.map((each) => Math.abs(learnedEffect(each, j, others).effect.value)));
