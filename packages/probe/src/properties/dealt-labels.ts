import type { Random } from '@feedprint/core';
import type { Comparisons } from './label-effects.ts';
import { product, sumByGroup } from './columns.ts';
import { regressOut } from './regress-out.ts';

/** Times that labels are dealt out: nothing exceeds all of them once in a hundred properties. */
export const DEALS = 99;

/**
 * The largest effect (logits per unit, either sign) that each property has on labels which were dealt out at random,
 * given others: within each pair by a coin, one coin per group, since labels of a group may depend on each other. An
 * effect of nothing exceeds the largest of 99 once in a hundred. Dealt labels depend on nothing, so that one Newton step from
 * 0 is the estimate to first order. 0 for a property that the others determine.
 */
export function dealtEffects(
  comparisons: Comparisons,
  others: readonly number[],
  { random, deals: count = DEALS }: { readonly random: Random; readonly deals?: number },
): Float64Array {
  const { differences, weights, ties, groups } = comparisons;
  const deals = Array.from({ length: count }, () =>
    Float64Array.from({ length: groupsIn(groups) }, () => (random.next() < 0.5 ? -1 : 1)),
  );
  return Float64Array.from(differences, (column, property) => {
    const around = others.filter((other) => other !== property);
    const rest = regressOut(
      around.map((other) => differences[other] as Float64Array),
      weights,
    )(column);
    const weighted = rest.map((value, i) => value * (weights[i] as number));
    const square = product(weighted, rest);
    if (!(square > 0)) return 0;
    const { data: sums } = sumByGroup(
      [weighted.map((value, i) => (ties[i] === 1 ? 0 : value))],
      groups,
    );
    return Math.max(...deals.map((coins) => Math.abs(2 * product(sums, coins)) / square));
  });
}

const groupsIn = (groups: Int32Array): number => 1 + groups.reduce((a, b) => Math.max(a, b), -1);
