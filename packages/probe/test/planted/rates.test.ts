import { describe, expect, test } from '@jest/globals';
import { movedAgainst, rateChange } from '../../src/planted/rate-change.ts';
import type { SampledCount } from '../../src/planted/rate-change.ts';
import { rateOf } from '../../src/planted/rate.ts';
import { expectClose, hasCode, readGolden } from '../golden.ts';

interface Golden {
  readonly shares: readonly {
    readonly events: number;
    readonly trials: number;
    readonly low: number;
    readonly high: number;
  }[];
  readonly changes: readonly {
    readonly after: SampledCount;
    readonly before: SampledCount;
    readonly logRateRatio: number;
    readonly bootstrap: number;
  }[];
}

const golden = readGolden<Golden>('planted.json');

describe('a rate', () => {
  test("has SciPy's Wilson interval", () => {
    for (const { events, trials, low, high } of golden.shares) {
      const rate = rateOf(events, trials);
      expect(rate.value).toBe(events / trials);
      expectClose(rate.interval?.low ?? NaN, low, 1e-12);
      expectClose(rate.interval?.high ?? NaN, high, 1e-12);
    }
  });

  test('of nothing has no value, and impossible ones are refused', () => {
    expect(rateOf(0, 0)).toEqual({ events: 0, trials: 0, value: null, interval: null });
    for (const [events, trials] of [
      [2, 1],
      [-1, 3],
      [0.5, 3],
    ] as const) {
      expect(() => rateOf(events, trials)).toThrow(hasCode('numbers-invalid'));
    }
  });
});

describe('the change of a sampled rate', () => {
  test('has the standard error that texts drawn again have, also where words come in bursts', () => {
    for (const { after, before, logRateRatio, bootstrap } of golden.changes) {
      const change = rateChange(after, before);
      expectClose(change.logRateRatio, logRateRatio, 1e-12);
      expect(Math.abs(change.standardError / bootstrap - 1)).toBeLessThan(0.05);
    }
  });

  test('is against what was stated beyond two standard errors', () => {
    const change = { logRateRatio: -0.5, standardError: 0.2 };
    expect(movedAgainst(change, 1.9)).toBe(true);
    expect(movedAgainst(change, -1.9)).toBe(false);
    expect(movedAgainst(change, 0)).toBe(false);
    expect(movedAgainst({ ...change, standardError: 0.26 }, 1.9)).toBe(false);
  });

  test('needs tokens', () => {
    const none = { count: 0, squares: 0, texts: 0, tokens: 0 };
    expect(() => rateChange(none, { ...none, tokens: 9 })).toThrow(hasCode('numbers-invalid'));
  });
});
