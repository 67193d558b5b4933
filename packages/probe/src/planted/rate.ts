import { FeedprintError } from '@feedprint/core';
import type { Interval } from '../statistics/interval.ts';
import { normalQuantile } from '../statistics/normal.ts';

/** How often something happened, of the times it could have. */
export interface Rate {
  readonly events: number;
  readonly trials: number;
  /** `null` if it could not have happened. */
  readonly value: number | null;
  /** 95 %, Wilson's. */
  readonly interval: Interval | null;
}

/**
 * A share with Wilson's 95 % score interval (1927), which holds for few trials and for shares near 0 and 1. Throws `numbers-invalid` unless
 * both are whole numbers with 0 <= events <= trials.
 */
export function rateOf(events: number, trials: number): Rate {
  if (!(Number.isInteger(events) && Number.isInteger(trials) && events >= 0 && events <= trials)) {
    throw new FeedprintError({
      code: 'numbers-invalid',
      message: `${events} of ${trials} is no share`,
      remedy: 'pass whole numbers, no more events than trials',
    });
  }
  if (trials === 0) return { events, trials, value: null, interval: null };
  const value = events / trials;
  const z2 = normalQuantile(0.975) ** 2;
  const middle = (value + z2 / (2 * trials)) / (1 + z2 / trials);
  const reach =
    Math.sqrt((z2 * value * (1 - value)) / trials + (z2 / (2 * trials)) ** 2) / (1 + z2 / trials);
  // Rounding must not leave 0 or 1 outside.
  const low = events === 0 ? 0 : middle - reach;
  const high = events === trials ? 1 : middle + reach;
  return { events, trials, value, interval: { low, high } };
}
