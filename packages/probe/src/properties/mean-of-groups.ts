import { sumByGroup } from './columns.ts';
import type { Estimate } from './learned-effects.ts';

/** The mean of some numbers, and its standard error where those of a group may depend on each other. */
export function meanOfGroups(values: Float64Array, groups: ArrayLike<number>): Estimate {
  const n = values.length;
  const value = values.reduce((sum, each) => sum + each, 0) / n;
  const used = new Set(Array.from(groups)).size;
  const { data } = sumByGroup([values.map((each) => each - value)], groups);
  const square = data.reduce((sum, each) => sum + each * each, 0);
  return { value, error: Math.sqrt((square * used) / Math.max(1, used - 1)) / n };
}
