import { normalCdf } from '../statistics/normal.ts';
import {
  labelColumns,
  labelEffect,
  labelEffects,
  labelLosses,
  labelMisses,
} from './label-effects.ts';
import type { Comparisons } from './label-effects.ts';
import { product } from './columns.ts';
import { isCollinear, partnersOf } from './collinear.ts';
import type { Collinearity } from './collinear.ts';
import { curvature } from '../preferences/bradley-terry.ts';
import type { Estimate } from './learned-effects.ts';
import { regressOut } from './regress-out.ts';
import { sumByGroup } from './columns.ts';

/** Logits per standard deviation below which the labels count as indifferent to a property. */
export const INDIFFERENT = 0.1;
/** Probability that a property which the labels do not depend on is taken in by chance, all properties together. */
export const LEVEL = 0.05;
/** Standard errors that a bound lies from its estimate: 95 % one-sided. */
export const BOUND = 1.645;

/**
 * The properties that the labels depend on, strongest first: forward selection, one at a time, each that adds most to
 * those before it, as long as chance (at 5 %, Bonferroni) and an effect of 0.1 logits per standard deviation are
 * excluded. Properties that vary with one that is in already have no effect of their own to be told from its; one that describes
 * the labels better in place of those that it varies with takes it (sequential replacement, Miller 1984). `start` are in and stay
 * in, and are not among the result; `barred` stay out.
 */
export function rewardedProperties(
  comparisons: Comparisons,
  collinearity: Collinearity,
  {
    start = [],
    barred = [],
  }: { readonly start?: readonly number[]; readonly barred?: readonly number[] } = {},
): readonly number[] {
  const count = comparisons.differences.length;
  const passed = new Set<number>([...start, ...barred]);
  let chosen: readonly number[] = start;
  for (;;) {
    const tests = scoreTests(comparisons, chosen, passed, collinearity);
    const best = tests.reduce((most, z, j) => (z > (tests[most] as number) ? j : most), 0);
    const chance = 2 * normalCdf(-(tests[best] ?? 0));
    if (count === 0 || chance * count > LEVEL) return chosen.slice(start.length);
    passed.add(best);
    if (!isBeyondIndifference(labelEffect(comparisons, best, chosen))) continue;
    let next: readonly number[] | undefined = [...chosen, best];
    while (next) {
      chosen = next;
      for (const property of chosen) passed.add(property);
      next = replaced(comparisons, chosen, { passed, fixed: start }, collinearity);
    }
  }
}

/** Whether an effect on labels, logits per standard deviation, surely is one. */
export const isBeyondIndifference = ({ value, error }: Estimate): boolean =>
  Math.abs(value) - BOUND * error > INDIFFERENT;

/** `chosen` with a property in place of those of them that it varies with. */
export function inPlaceOf(
  partners: readonly number[],
  property: number,
  chosen: readonly number[],
): readonly number[] {
  const [first] = partners;
  return chosen.flatMap((one) =>
    one === first ? [property] : partners.includes(one) ? [] : [one],
  );
}

/**
 * The chosen with that property in place of those it varies with that describes the labels best, if better than these do by the
 * Bayesian information criterion: one may take the place of two.
 */
function replaced(
  comparisons: Comparisons,
  chosen: readonly number[],
  { passed, fixed }: { readonly passed: ReadonlySet<number>; readonly fixed: readonly number[] },
  collinearity: Collinearity,
): readonly number[] | undefined {
  const lost = lossOf(comparisons, chosen);
  const perProperty = Math.log(new Set(comparisons.groups).size) / 2;
  let best: { readonly places: readonly number[]; readonly gain: number } | undefined;
  for (let property = 0; property < comparisons.differences.length; property++) {
    const partners = partnersOf(collinearity, property, chosen);
    if (partners.length === 0 || passed.has(property)) continue;
    if (partners.some((one) => fixed.includes(one))) continue;
    const places = inPlaceOf(partners, property, chosen);
    const gain = lost - lossOf(comparisons, places) + perProperty * (chosen.length - places.length);
    if (gain <= (best?.gain ?? 0)) continue;
    if (isBeyondIndifference(labelEffect(comparisons, property, places))) best = { places, gain };
  }
  return best?.places;
}

const lossOf = (comparisons: Comparisons, places: readonly number[]): number =>
  labelLosses(comparisons, labelEffects(comparisons, places).logits).reduce((a, b) => a + b, 0);

/** |z| of each property's score test, given those chosen; 0 for those that are out. */
function scoreTests(
  comparisons: Comparisons,
  chosen: readonly number[],
  passed: ReadonlySet<number>,
  collinearity: Collinearity,
): number[] {
  const { differences, weights, groups } = comparisons;
  const { logits } = labelEffects(comparisons, chosen);
  const misses = labelMisses(comparisons, logits);
  const curve = curvature(logits).map((each, i) => each * (weights[i] as number));
  const rest = regressOut(labelColumns(comparisons, chosen), curve);
  return differences.map((column, j) => {
    if (passed.has(j) || isCollinear(collinearity, j, chosen)) return 0;
    const scores = rest(column).map((x, i) => x * (misses[i] as number));
    const sums = sumByGroup([scores], groups).data;
    const square = product(sums, sums);
    return square > 0 ? Math.abs(sums.reduce((a, b) => a + b, 0)) / Math.sqrt(square) : 0;
  });
}
