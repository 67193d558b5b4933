import { describe, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import { createAuditStatistics, kendallTauB } from '../src/index.ts';

const statistics = createAuditStatistics({ resamples: 120 });
const random = createRandom(1);
const stated = Array.from({ length: 100 }, () => 3 * random.normal());
const noisy = (noise: number): number[] => stated.map((value) => value + noise * random.normal());
const good = noisy(1);
const control = noisy(30);

/** The quantile of the values, linear between neighbours. */
function quantile(values: readonly number[], level: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [below, share] = [
    Math.floor(level * (sorted.length - 1)),
    (level * (sorted.length - 1)) % 1,
  ];
  const at = (i: number): number => sorted[Math.min(i, sorted.length - 1)] as number;
  return at(below) + share * (at(below + 1) - at(below));
}

describe('an estimator beside its controls', () => {
  test('keeps the resamples of which the bounds of its intervals are quantiles', () => {
    const { agreement, controls } = statistics.compare(
      { estimates: good, stated },
      [{ estimates: control, stated }],
      3,
    );
    for (const { interval } of [agreement.tauB, ...Object.values(controls[0]?.advantage ?? {})]) {
      const { levels, values } = interval?.bootstrap ?? { levels: [0, 0], values: [] };
      expect(values).toHaveLength(120);
      expect(interval?.low).toBeCloseTo(quantile(values, levels[0]), 12);
      expect(interval?.high).toBeCloseTo(quantile(values, levels[1]), 12);
    }
  });

  test('agrees as it does alone', () => {
    const found = statistics.compare(
      { estimates: good, stated },
      [{ estimates: control, stated }],
      3,
    );
    expect(found.agreement).toMatchObject(statistics.agreement(good, stated, 3));
    expect(found.controls[0]?.agreement).toMatchObject(statistics.agreement(control, stated, 3));
  });

  test('has an advantage over a control that knows little, which no measure calls matched', () => {
    const { agreement, controls } = statistics.compare(
      { estimates: good, stated },
      [{ estimates: control, stated }],
      3,
    );
    for (const name of ['tauB', 'spearman', 'pearson', 'signAccuracy', 'auroc'] as const) {
      const { value, interval, matched } = controls[0]?.advantage[name] ?? {};
      const theirs = controls[0]?.agreement[name].value as number;
      expect(value).toBeCloseTo((agreement[name].value as number) - theirs, 12);
      expect(interval?.low).toBeGreaterThan(0);
      expect(matched).toBe(false);
    }
  });

  test('is matched by a control that does as well, or better', () => {
    const { controls } = statistics.compare(
      { estimates: good, stated },
      [
        { estimates: noisy(1), stated },
        { estimates: stated, stated },
        { estimates: good, stated },
      ],
      3,
    );
    expect(controls.map(({ advantage }) => advantage.tauB.matched)).toEqual([true, true, true]);
    expect(controls[1]?.advantage.tauB.interval?.high).toBeLessThan(0);
    // The very same: no difference in any resample.
    expect(controls[2]?.advantage.tauB).toMatchObject({ value: 0, interval: { low: 0, high: 0 } });
  });

  test('is compared over the words that both have, pair by pair', () => {
    // Both err alike: apart their intervals overlap, paired the difference is plain.
    const shared = noisy(2);
    const worse = shared.map((value) => value + 0.9 * random.normal());
    const holed = worse.map((value, i) => (i % 5 === 0 ? NaN : value));
    const { agreement, controls } = statistics.compare(
      { estimates: shared, stated },
      [{ estimates: holed, stated }],
      3,
    );
    const [found] = controls;
    expect(found?.agreement.tauB.n).toBe(80);
    const both = (list: number[]): number[] => list.filter((_, i) => i % 5 !== 0);
    const tau = (list: number[]): number => kendallTauB(both(list), both(stated))?.tau as number;
    expect(found?.advantage.tauB.value).toBeCloseTo(tau(shared) - tau(worse), 12);
    const width = (it: { low: number; high: number } | null | undefined): number =>
      it ? it.high - it.low : NaN;
    expect(width(found?.advantage.tauB.interval)).toBeLessThan(
      0.7 * width(found?.agreement.tauB.interval),
    );
    expect(width(agreement.tauB.interval)).toBeGreaterThan(0);
  });

  test('judges a control by its own stated feedback', () => {
    const dealt = createRandom(2).shuffle(stated.slice());
    const { controls } = statistics.compare(
      { estimates: good, stated },
      [{ estimates: good, stated: dealt }],
      3,
    );
    expect(controls[0]?.agreement).toMatchObject(statistics.agreement(good, dealt, 3));
    expect(controls[0]?.advantage.tauB.matched).toBe(false);
  });

  test('cannot be compared with what is not defined', () => {
    const none = { value: null, interval: null, matched: null };
    const { controls } = statistics.compare(
      { estimates: good, stated },
      [
        { estimates: stated.map(() => NaN), stated },
        { estimates: stated.map(() => 1), stated },
      ],
      3,
    );
    expect(controls[0]?.advantage.auroc).toEqual(none);
    expect(controls[1]?.advantage.tauB).toEqual(none);
  });
});
