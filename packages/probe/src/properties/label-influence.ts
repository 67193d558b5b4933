import { cholesky, choleskySolve } from '@feedprint/core/linear-algebra';
import { curvature } from '../preferences/bradley-terry.ts';
import { labelColumns, labelEffects, labelInformation, labelMisses } from './label-effects.ts';
import type { Comparisons } from './label-effects.ts';

/**
 * How much each pair adds to the effect of a property on the labels, given others: the effect less what it would be
 * without the pair, logits per unit, `[pairs]`. One Newton step from the fit to all pairs, with the pair's leverage, so
 * that nothing is fitted again. Source: Pregibon (1981), equation 13.
 */
export function labelInfluences(
  comparisons: Comparisons,
  property: number,
  others: readonly number[],
): Float64Array {
  const places = [...others.filter((other) => other !== property), property];
  const columns = labelColumns(comparisons, places);
  const pairs = comparisons.weights.length;
  const { logits } = labelEffects(comparisons, places);
  const misses = labelMisses(comparisons, logits);
  const curve = curvature(logits);
  const factor = cholesky(labelInformation(comparisons, columns, logits), columns.length);
  const row = new Float64Array(columns.length);
  return Float64Array.from({ length: pairs }, (_, i) => {
    columns.forEach((column, j) => (row[j] = column[i] as number));
    const solved = choleskySolve(factor, row);
    const leverage =
      (comparisons.weights[i] as number) *
      (curve[i] as number) *
      row.reduce((sum, x, j) => sum + x * (solved[j] as number), 0);
    return ((solved.at(-1) as number) * (misses[i] as number)) / (1 - leverage);
  });
}
