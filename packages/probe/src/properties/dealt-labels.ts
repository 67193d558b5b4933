import type { Random } from '@feedprint/core';
import { curvature } from '../preferences/bradley-terry.ts';
import { labelColumns, labelEffects, labelMisses } from './label-effects.ts';
import type { Comparisons } from './label-effects.ts';
import { product, sumByGroup } from './columns.ts';
import { regressOut } from './regress-out.ts';

/** Times that labels are dealt out: nothing exceeds all of them once in a hundred properties. */
export const DEALS = 99;

/**
 * The largest effect (logits per unit, either sign) that each property has on labels which were dealt out at random,
 * given others, `othersOf` each: within each pair by a coin, one coin per group, since labels of a group may depend on each other. An
 * effect of nothing exceeds the largest of 99 once in a hundred. Dealt labels depend on nothing but the constants, so that one
 * Newton step from those is the estimate to first order; the coins turn what they leave of the labels. 0 for a property that
 * the others determine. Source: Kline and Santos (2012), the score bootstrap, for labels of which one is the more frequent.
 */
export function dealtEffects(
  comparisons: Comparisons,
  othersOf: (property: number) => readonly number[],
  { random, deals: count = DEALS }: { readonly random: Random; readonly deals?: number },
): Float64Array {
  const { differences, weights, groups } = comparisons;
  const { logits } = labelEffects(comparisons, []);
  const misses = labelMisses(comparisons, logits);
  const curve = curvature(logits).map((each, i) => each * (weights[i] as number));
  const deals = Array.from({ length: count }, () =>
    Float64Array.from({ length: groupsIn(groups) }, () => (random.next() < 0.5 ? -1 : 1)),
  );
  return Float64Array.from(differences, (column, property) => {
    const around = othersOf(property).filter((other) => other !== property);
    const rest = regressOut(labelColumns(comparisons, around), curve)(column);
    const square = rest.reduce((sum, x, i) => sum + (curve[i] as number) * x * x, 0);
    if (!(square > 0)) return 0;
    const { data: sums } = sumByGroup([rest.map((x, i) => x * (misses[i] as number))], groups);
    return Math.max(...deals.map((coins) => Math.abs(product(sums, coins)) / square));
  });
}

const groupsIn = (groups: Int32Array): number => 1 + groups.reduce((a, b) => Math.max(a, b), -1);
