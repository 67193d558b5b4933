import { createRandom } from '@feedprint/core';
import { carryingProperties, surelyExceeds } from './carrying-properties.ts';
import { collinearityOf } from './collinear.ts';
import { product } from './columns.ts';
import type { Columns } from './columns.ts';
import { dealtEffects } from './dealt-labels.ts';
import { askedOf, measureProperty, placeboOf } from './effect-scope.ts';
import type { EffectScope, MeasuredProperty } from './effect-scope.ts';
import type { Resemblance } from './judged-property.ts';
import type { Comparisons } from './label-effects.ts';
import { learnedEffect } from './learned-effects.ts';
import type { FreshDifferences } from './learned-effects.ts';
import { meanOfGroups } from './mean-of-groups.ts';
import type { FoundProperties, PropertyEvidence } from './property-evidence.ts';
import { regressOut } from './regress-out.ts';
import { rewardEffects } from './reward-effects.ts';
import { rewardedProperties } from './rewarded-properties.ts';
import { scaleProperties } from './scale-properties.ts';
import { takeAt, takePairs } from './take-pairs.ts';

/**
 * Measures properties that were found in some of the pairs as counted ones are, given all of these that explain labels or
 * R: on the labels of the pairs that they were not found in, and on fresh replies. Whatever a counted property explains is
 * not theirs, and which ones explain was settled without them.
 */
export function measureFound(
  { fresh, labels, rewarded: scores, seed = 0 }: PropertyEvidence,
  counted: EffectScope,
  found: FoundProperties,
): MeasuredProperty[] {
  if (!labels || 'ratings' in labels || !counted.comparisons) return [];
  const { unseen } = found;
  const draws = found.base[0]?.length ?? 0;
  const scaled = scaleProperties({
    names: found.names,
    fresh: { ...fresh, base: found.base, tuned: found.tuned },
    labels: { ...takePairs(labels, unseen), chosen: found.chosen, rejected: found.rejected },
  });
  const ofUnseen = counted.comparisons.differences.map((column) => takeAt(column, unseen));
  const explaining = counted.chosen;
  // Those that explain come first, then those that were found.
  const own = [...scaled.kept.keys()].map((j) => explaining.length + j);
  const names = [
    ...explaining.map((j) => counted.names[j] as string),
    ...scaled.kept.map((place) => found.names[place] as string),
  ];
  const first = <T>(columns: readonly T[]): T[] => explaining.map((j) => columns[j] as T);
  const comparisons: Comparisons = {
    ...takePairs(labels, unseen),
    differences: [...first(ofUnseen), ...scaled.differences],
  };
  const start = [...explaining.keys()];
  const isIn =
    (places: readonly number[]) =>
    (i: number): boolean =>
      places.includes(explaining[i] as number);
  const withFound = (one: FreshDifferences): FreshDifferences => {
    const n = Math.min(draws, one.ratios.length);
    const cut = (columns: Columns): Float64Array[] => columns.map((each) => each.subarray(0, n));
    return {
      base: cut([...first(one.base), ...scaled.base]),
      moved: cut([...first(one.moved), ...scaled.moved]),
      ratios: one.ratios.subarray(0, n),
      prompts: one.prompts.subarray(0, n),
    };
  };
  const replies = withFound(counted.own);
  const controls = counted.controls.map(withFound);
  const collinearity = collinearityOf(replies.base);
  const rewarded = rewardedProperties(comparisons, collinearity, {
    start: start.filter(isIn(counted.rewarded)),
    barred: start,
  });
  const explained = [...start.filter(isIn(counted.rewarded)), ...rewarded];
  const reward =
    scores &&
    rewardEffects(
      { chosen: takeAt(scores.chosen, unseen), rejected: takeAt(scores.rejected, unseen) },
      comparisons,
      collinearity,
      start.filter((i) => counted.reward?.chosen.includes(explaining[i] as number)),
    );
  const isAsked = (j: number): boolean =>
    rewarded.includes(j) || (askedOf({ names, declared: undefined, reward }, j) ?? 0) !== 0;
  const asked = [...start, ...own.filter(isAsked)];
  const scope: EffectScope = {
    names,
    deviations: [...first(counted.deviations), ...scaled.deviations],
    ...{ collinearity, comparisons, controls, reward, asked },
    own: replies,
    declared: undefined,
    rewarded: explained,
    written: [...first(counted.written), ...scaled.written],
    chosen: carryingProperties(replies, collinearity, {
      start: asked,
      difference: meanOfGroups(replies.ratios, replies.prompts).value,
      isPossible: (j, effect) => surelyExceeds(effect, placeboOf(controls, j, asked)),
    }),
    dealt: dealtEffects(comparisons, () => explained, { random: createRandom(seed) }),
  };
  const least = found.drawn && mostCarried(found.drawn, scope.own, start);
  const resembles = resemblances(counted.names, ofUnseen);
  return own.map((j) => ({
    ...measureProperty(scope, j),
    least,
    resembles: resembles(comparisons.differences[j] as Float64Array),
  }));
}

/** The most of the difference in R that any of these carries, given others: nats. */
function mostCarried(
  drawn: NonNullable<FoundProperties['drawn']>,
  own: FreshDifferences,
  others: readonly number[],
): number {
  const { prompts } = own;
  const scaled = scaleProperties({
    names: drawn.base.map((_, i) => `${i}`),
    fresh: { ...drawn, prompts, ratios: { base: own.ratios, tuned: own.ratios } },
  });
  const around = others.map((_, i) => i);
  const take = (columns: Columns): Float64Array[] =>
    others.map((other) => columns[other] as Float64Array);
  return scaled.base.reduce((most, base, i) => {
    const moved = scaled.moved[i] as Float64Array;
    const fresh = { ...own, base: [...take(own.base), base], moved: [...take(own.moved), moved] };
    return Math.max(most, learnedEffect(fresh, others.length, around).carriedAlone.value);
  }, 0);
}

/** What differences between replies have to do with those of the counted properties, whichever reply stands first. */
function resemblances(
  names: readonly string[],
  differences: Columns,
): (own: Float64Array) => Omit<Resemblance, 'drawn'> {
  const norms = differences.map((column) => Math.sqrt(product(column, column)));
  const varying = differences.filter((_, p) => (norms[p] as number) > 0);
  const rest = regressOut(varying);
  return (own) => {
    const size = Math.sqrt(product(own, own));
    if (size === 0) return { mostly: null, explained: 0 };
    const correlations = differences.map((column, p) => {
      const norm = norms[p] as number;
      return norm > 0 ? product(column, own) / norm / size : 0;
    });
    const most = correlations.reduce(
      (best, r, p) => (Math.abs(r) > Math.abs(correlations[best] as number) ? p : best),
      0,
    );
    const r = correlations[most];
    const left = rest(own);
    return {
      mostly: r === undefined ? null : { property: names[most] as string, r },
      explained: Math.max(0, 1 - product(left, left) / (size * size)),
    };
  };
}
