import { normalCdf } from '../statistics/normal.ts';
import { labelColumns, labelEffects, labelMisses } from './label-effects.ts';
import type { Comparisons } from './label-effects.ts';
import { product } from './columns.ts';
import { isCollinear } from './collinear.ts';
import type { Collinearity } from './collinear.ts';
import { curvature } from '../preferences/bradley-terry.ts';
import { regressOut } from './regress-out.ts';
import { sumByGroup } from './columns.ts';

/** Logits per standard deviation below which the labels count as indifferent to a property. */
export const INDIFFERENT = 0.1;
/** Probability that a property which the labels do not depend on is taken in by chance, all properties together. */
const LEVEL = 0.05;
/** Standard errors that a bound lies from its estimate: 95 % one-sided. */
export const BOUND = 1.645;

/**
 * The properties that the labels depend on, strongest first: forward selection, one at a time, each that adds most to
 * those before it, as long as chance (at 5 %, Bonferroni) and an effect of 0.1 logits per standard deviation are
 * excluded. Properties that vary with one that is in already have no effect of their own to be told from its. `start`
 * are in from the beginning; `barred` stay out.
 */
export function rewardedProperties(
  comparisons: Comparisons,
  collinearity: Collinearity,
  {
    start = [],
    barred = [],
  }: { readonly start?: readonly number[]; readonly barred?: readonly number[] } = {},
): number[] {
  const chosen = [...start];
  const count = comparisons.differences.length;
  const passed = new Set<number>([...chosen, ...barred]);
  for (;;) {
    const tests = scoreTests(comparisons, chosen, passed, collinearity);
    const best = tests.reduce((most, z, j) => (z > (tests[most] as number) ? j : most), 0);
    const chance = 2 * normalCdf(-(tests[best] ?? 0));
    if (count === 0 || chance * count > LEVEL) return chosen.slice(start.length);
    passed.add(best);
    const { weights, errors } = labelEffects(comparisons, [...chosen, best]);
    const effect = Math.abs(weights.at(-1) as number);
    if (effect - BOUND * (errors.at(-1) as number) > INDIFFERENT) chosen.push(best);
  }
}

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
