import { readFileSync } from 'node:fs';
import { createRandom } from '@feedprint/core';
import { describe, expect, test } from '@jest/globals';
import { roganGladen } from '../../src/index.ts';

const golden = JSON.parse(
  readFileSync(new URL('../golden/judges.json', import.meta.url), 'utf8'),
) as {
  readonly rates: readonly {
    readonly sensitivity: readonly [number, number];
    readonly specificity: readonly [number, number];
    readonly observed: readonly [number, number];
    readonly value: number;
    readonly low: number;
    readonly high: number;
  }[];
};

const of = ([events, trials]: readonly [number, number]) => ({ events, trials });

describe('a rate corrected for its judge', () => {
  test.each(golden.rates)('is that of Python: $value', ({ value, low, high, ...counts }) => {
    const found = roganGladen({
      sensitivity: of(counts.sensitivity),
      specificity: of(counts.specificity),
      observed: of(counts.observed),
    });
    expect(found.value).toBeCloseTo(value, 12);
    // Another method of intervals; both are approximate.
    expect(Math.abs((found.interval?.low ?? NaN) - low)).toBeLessThan(0.02);
    expect(Math.abs((found.interval?.high ?? NaN) - high)).toBeLessThan(0.02);
  });

  test('has an interval that holds the truth at least as often as it says', () => {
    const random = createRandom(5);
    const count = (n: number, p: number): { events: number; trials: number } => ({
      events: Array.from({ length: n }, () => random.next() < p).filter(Boolean).length,
      trials: n,
    });
    for (const [rate, se, sp] of [
      [0.1, 0.9, 0.8],
      [0.5, 0.7, 0.85],
      [0.8, 0.95, 0.6],
    ] as const) {
      const times = 600;
      let held = 0;
      for (let i = 0; i < times; i++) {
        const { interval } = roganGladen({
          sensitivity: count(60, se),
          specificity: count(60, sp),
          observed: count(150, rate * se + (1 - rate) * (1 - sp)),
        });
        if (interval && interval.low <= rate && rate <= interval.high) held++;
      }
      // Three standard errors below 95 %.
      expect(held / times).toBeGreaterThan(0.95 - 3 * Math.sqrt((0.95 * 0.05) / times));
    }
  });

  test('is the observed one for a judge that is always right, with a narrow interval', () => {
    const right = { events: 100_000, trials: 100_000 };
    const found = roganGladen({
      sensitivity: right,
      specificity: right,
      observed: { events: 30, trials: 100 },
    });
    expect(found.value).toBeCloseTo(0.3, 12);
    expect(found.interval?.low).toBeCloseTo(found.observed.interval?.low ?? NaN, 2);
    expect(found.interval?.high).toBeCloseTo(found.observed.interval?.high ?? NaN, 2);
  });

  test('is none where the judge is no better than chance, or nobody was judged', () => {
    const half = { events: 5, trials: 10 };
    const none = { events: 0, trials: 0 };
    expect(roganGladen({ sensitivity: half, specificity: half, observed: half }).value).toBeNull();
    const good = { events: 9, trials: 10 };
    for (const rates of [
      { sensitivity: none, specificity: good, observed: half },
      { sensitivity: good, specificity: good, observed: none },
    ]) {
      expect(roganGladen(rates)).toMatchObject({ value: null, interval: null });
    }
    const wrong = { events: 11, trials: 10 };
    expect(() => roganGladen({ sensitivity: wrong, specificity: good, observed: half })).toThrow(
      /11 of 10 is no share/,
    );
  });
});
