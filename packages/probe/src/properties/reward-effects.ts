import type { Collinearity } from './collinear.ts';
import { isCollinear } from './collinear.ts';
import type { Columns } from './columns.ts';
import type { Estimate } from './learned-effects.ts';
import type { RewardedPairs } from './property-evidence.ts';
import { regressDifferences } from './regress-differences.ts';
import { BOUND } from './rewarded-properties.ts';
import { normalCdf } from '../statistics/normal.ts';

/** Standard deviations of a reward per standard deviation of a property within which it counts as indifferent. */
export const REWARD_INDIFFERENT = 0.1;
/** Probability that a property which the reward does not depend on is taken in by chance, all properties together. */
const LEVEL = 0.05;

/** What a reward of whole replies depends on. */
export interface RewardEffects {
  /** Pairs of which both replies have a score. */
  readonly pairs: number;
  /** The properties that the reward depends on, strongest first. */
  readonly chosen: readonly number[];
  /** The effect of each property, given those chosen; `undefined` where no scored pair differs in it. */
  readonly effects: readonly (Estimate | undefined)[];
}

/**
 * Effects of properties on a reward, in standard deviations of the reward between replies to one prompt, per standard
 * deviation of the property: least squares on differences within pairs, errors clustered by group. Few properties
 * explain the reward, by forward selection: the surest one, as long as chance (5 %, Bonferroni) and an effect below 0.1
 * are excluded. `differences` are chosen minus rejected. `undefined` for a reward that tells no two replies of a pair apart.
 */
export function rewardEffects(
  { chosen, rejected }: RewardedPairs,
  { differences, groups }: { readonly differences: Columns; readonly groups: Int32Array },
  collinearity: Collinearity,
  /** Places of properties that are known to explain it. */
  start: readonly number[] = [],
): RewardEffects | undefined {
  const scored = [...chosen.keys()].filter(
    (i) => Number.isFinite(chosen[i]) && Number.isFinite(rejected[i]),
  );
  const gaps = Float64Array.from(scored, (i) => (chosen[i] as number) - (rejected[i] as number));
  // Two replies of one prompt differ by the root of two of what either varies.
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + gap * gap, 0) / gaps.length / 2);
  if (!(deviation > 0)) return undefined;
  const target = gaps.map((gap) => gap / deviation);
  const own = Int32Array.from(scored, (i) => groups[i] as number);
  const columns = differences.map((column) =>
    Float64Array.from(scored, (i) => column[i] as number),
  );
  const effect = (property: number, others: readonly number[]): Estimate | undefined => {
    const column = columns[property] as Float64Array;
    if (column.every((value) => value === 0)) return undefined;
    const around = others.filter((other) => other !== property);
    const { weights, errors } = regressDifferences(
      [...around.map((other) => columns[other] as Float64Array), column],
      target,
      own,
    );
    return { value: weights.at(-1) as number, error: errors.at(-1) as number };
  };
  const picked = select(columns.length, effect, collinearity, start);
  return {
    pairs: scored.length,
    chosen: picked,
    effects: columns.map((_, j) => effect(j, picked)),
  };
}

/** Takes in one property at a time, the surest of those whose effect is beyond chance and indifference. */
function select(
  count: number,
  effect: (property: number, others: readonly number[]) => Estimate | undefined,
  collinearity: Collinearity,
  start: readonly number[],
): number[] {
  const picked = [...start];
  for (;;) {
    let best: { readonly property: number; readonly z: number } | undefined;
    for (let property = 0; property < count; property++) {
      if (picked.includes(property) || isCollinear(collinearity, property, picked)) continue;
      const found = effect(property, picked);
      if (!found || !isRewarded(found, count)) continue;
      const z = Math.abs(found.value) / found.error;
      if (z > (best?.z ?? 0)) best = { property, z };
    }
    if (!best) return picked;
    picked.push(best.property);
  }
}

const isRewarded = ({ value, error }: Estimate, count: number): boolean =>
  Math.abs(value) - BOUND * error > REWARD_INDIFFERENT &&
  2 * normalCdf(-Math.abs(value) / error) * count <= LEVEL;
