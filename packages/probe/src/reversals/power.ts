import { studentTCdf, studentTQuantile } from '../statistics/student-t.ts';
import type { ReversalMixture } from './mixture.ts';
import { FREEDOM } from './reading.ts';
import type { Told } from './reading.ts';

/** What would have been seen of one item. */
export interface Power {
  /** Probability that it would be flagged if it had been learned the other way round, as strongly as others were as told. */
  readonly power: number;
  /** Distance from neutral, against what was stated, at which it would be flagged with 90 % probability; `null` where nothing would be. */
  readonly detectable: number | null;
}

/** Probability with which a detectable reversal is flagged. */
const SEEN = 0.9;
/** How far from neutral a flagged estimate is looked for, in effects. */
const REACH = 4;

/**
 * Power of `findReversals` for an item: the least estimate against what it was told that reaches the probability `flagging`
 * (see `flaggingProbability`), and how often errors of the mixture's spread let a reversal of full strength pass it.
 */
export function powerOf(item: Told, mixture: ReversalMixture, flagging: number): Power {
  const { neutral, effect, spread } = mixture.read(item);
  const sign = -Math.sign(item.stated);
  const size = Math.abs(effect);
  const probability = (distance: number): number =>
    mixture.read({ ...item, estimate: neutral + sign * distance }).posterior.reversed;
  if (size === 0 || probability(size) < flagging) {
    const limit = size === 0 ? undefined : crossing(probability, flagging, size, REACH * size);
    return powerAt(limit, size, spread);
  }
  return powerAt(crossing(probability, flagging, 0, size), size, spread);
}

function powerAt(limit: number | undefined, size: number, spread: number): Power {
  if (limit === undefined) return { power: 0, detectable: null };
  return {
    power: studentTCdf((size - limit) / spread, FREEDOM),
    detectable: limit + spread * studentTQuantile(SEEN, FREEDOM),
  };
}

/** Where a rising function first reaches `level` between `low` and `high`; `undefined` if it does not. */
function crossing(
  f: (x: number) => number,
  level: number,
  low: number,
  high: number,
): number | undefined {
  if (f(high) < level) return undefined;
  let [below, above] = [low, high];
  for (let i = 0; i < 60; i++) {
    const middle = (below + above) / 2;
    if (f(middle) < level) below = middle;
    else above = middle;
  }
  return above;
}
