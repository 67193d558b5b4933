import { meanOfGroups } from './mean-of-groups.ts';
import { BOUND } from './rewarded-properties.ts';

/**
 * Whether one description of the same items surely loses more than another that it does not contain, nor is contained in.
 * Losses are those of each item; items of a group may depend on each other. Source: Vuong (1989).
 */
export function surelyWorse(
  losses: Float64Array,
  others: Float64Array,
  groups: ArrayLike<number>,
): boolean {
  const { value, error } = meanOfGroups(
    losses.map((loss, i) => loss - (others[i] as number)),
    groups,
  );
  return value > BOUND * error;
}
