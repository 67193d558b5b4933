import { describe, expect, test } from '@jest/globals';
import { createRandom, matrix } from '@feedprint/core';
import {
  attribute,
  createAuditStatistics,
  fisherExact,
  impliedReward,
  kendallTauB,
  residualContradictions,
} from '../src/index.ts';
import { drawWords, mean, normals } from './words.ts';

const statistics = createAuditStatistics({ resamples: 100 });

describe('audit statistics', () => {
  const words = drawWords({ words: 60, seed: 1, noise: 0.3 });
  const estimates = words.map(({ estimate }) => estimate);
  const stated = words.map((word) => word.stated);

  test('leave words without an estimate out of the agreement', () => {
    const known = (_: number, i: number): boolean => i % 3 !== 0;
    const holed = estimates.map((value, i) => (known(value, i) ? value : NaN));
    const found = statistics.agreement(holed, stated, 5);
    expect(found.tauB.n).toBe(40);
    expect(found.tauB.value).toBe(kendallTauB(estimates.filter(known), stated.filter(known))?.tau);
    expect(found).toEqual(statistics.agreement(estimates.filter(known), stated.filter(known), 5));
  });

  test('have no agreement where no word has an estimate', () => {
    const none = new Float64Array(60).fill(NaN);
    for (const measure of Object.values(statistics.agreement(none, stated, 5))) {
      expect(measure).toEqual({ value: null, interval: null, n: 0 });
    }
  });

  test('draw the intervals of an agreement from the seed', () => {
    const first = statistics.agreement(estimates, stated, 5);
    expect(statistics.agreement(estimates, stated, 5)).toEqual(first);
    const other = statistics.agreement(estimates, stated, 6);
    expect(other.tauB.value).toBe(first.tauB.value);
    expect(other.tauB.interval).not.toEqual(first.tauB.interval);
  });

  test('put a mean into an interval of the width that theory gives', () => {
    const values = normals(createRandom(2), 400).map((value) => 3 + 2 * value);
    const { mean: meanOf } = createAuditStatistics({ resamples: 1000 });
    const found = meanOf(values, 9);
    expect(found.value).toBeCloseTo(mean(Array.from(values)), 12);
    const spread = Math.sqrt(mean(Array.from(values, (value) => (value - found.value) ** 2)));
    const width = (2 * 1.96 * spread) / Math.sqrt(400);
    expect((found.interval.high - found.interval.low) / width).toBeGreaterThan(0.85);
    expect((found.interval.high - found.interval.low) / width).toBeLessThan(1.15);
    expect(found.interval.low).toBeLessThan(found.value);
    expect(found.interval.high).toBeGreaterThan(found.value);
    expect(meanOf(values, 9)).toEqual(found);
  });

  test('give the mean of equal values an interval of no width', () => {
    expect(statistics.mean([2, 2, 2], 1)).toMatchObject({
      value: 2,
      interval: { low: 2, high: 2 },
    });
    expect(statistics.mean([2], 1)).toMatchObject({ value: 2, interval: { low: 2, high: 2 } });
  });

  test('test enrichment in one direction', () => {
    const table = [
      [8, 2],
      [1, 5],
    ] as const;
    expect(statistics.enrichment(table)).toEqual({
      oddsRatio: 20,
      p: fisherExact(table).pGreater,
    });
    const swapped = [table[1], table[0]] as const;
    expect(statistics.enrichment(swapped).p).toBeGreaterThan(0.99);
  });

  test('give no odds ratio where it is infinite or not defined', () => {
    const infinite = statistics.enrichment([
      [5, 0],
      [3, 7],
    ]);
    expect(infinite.oddsRatio).toBeNull();
    expect(infinite.p).toBeCloseTo(56 / 1287 / 3, 2);
    expect(
      statistics.enrichment([
        [0, 0],
        [4, 9],
      ]),
    ).toEqual({ oddsRatio: null, p: 1 });
  });

  test("are this package's functions", () => {
    expect(statistics.contradictions(estimates, stated)).toEqual(
      residualContradictions(estimates, stated),
    );
    const random = createRandom(3);
    const [x, y] = [matrix(20, 3, normals(random, 60)), matrix(20, 2, normals(random, 40))];
    expect(statistics.attribute(x, y)).toEqual(attribute(x, y));
    const counts = {
      base: matrix(20, 2, y.data.map(Math.abs)),
      tuned: matrix(20, 2, y.data.map(Math.exp)),
    };
    expect(statistics.impliedReward(counts)).toEqual(impliedReward(counts));
  });
});
