import { describe, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import { activityOf } from '../../src/questions/feature-activity.ts';

const ROWS = 400;
const FEATURES = 5;
const random = createRandom(7);
const text = Int32Array.from({ length: ROWS }, (_, r) => Math.floor(r / 10));
const position = Int32Array.from({ length: ROWS }, (_, r) => r % 10);
const token = Int32Array.from({ length: ROWS }, () => Math.floor(50 * random.next()));
/** Activations `[feature][row]`; the last feature is never active. */
const dense = Array.from({ length: FEATURES }, (_, f) =>
  Array.from({ length: ROWS }, () => (f < FEATURES - 1 && random.next() < 0.3 ? random.next() : 0)),
);
const found = dense.map((values) => {
  const row = [...values.keys()].filter((r) => (values[r] as number) > 0);
  return { row, value: row.map((r) => values[r] as number) };
});
const activity = activityOf(found, { text, position, token }, ROWS);

describe('where features are active', () => {
  test('is counted in steps up to the strongest activation', () => {
    dense.forEach((values, f) => {
      const { most, counts } = activity.histogram(f);
      const active = values.filter((value) => value > 0);
      expect(most).toBe(active.length === 0 ? 0 : Math.max(...active));
      expect(counts.reduce((sum, one) => sum + one, 0)).toBe(active.length);
      const upper = active.filter((value) => value >= most / 2).length;
      const inUpper = counts.slice(counts.length / 2).reduce((sum, one) => sum + one, 0);
      expect(inUpper).toBe(upper);
    });
  });

  test('is shown by the strongest places, one a text, then by some of each weaker quarter', () => {
    dense.slice(0, -1).forEach((values, f) => {
      const sorted = values.filter((value) => value > 0).toSorted((a, b) => b - a);
      const places = activity.places(f);
      expect(places[0]?.activation).toBe(sorted[0]);
      expect(new Set(places.map((place) => place.text)).size).toBe(places.length);
      for (const { text: t, position: p, activation, quantile } of places) {
        expect(values[10 * t + p]).toBe(activation);
        const rank = sorted.indexOf(activation);
        expect(quantile).toBe(Math.floor((4 * rank) / sorted.length));
      }
      const inQuantile = [0, 1, 2, 3].map((q) => places.filter((one) => one.quantile === q).length);
      expect(inQuantile[0]).toBeGreaterThan(2);
      expect(inQuantile.slice(1).every((count) => count <= 2)).toBe(true);
    });
  });

  test('is nowhere for a feature that is never active', () => {
    expect(activity.places(FEATURES - 1)).toEqual([]);
    expect(activity.histogram(FEATURES - 1)).toMatchObject({ most: 0 });
  });

  test('is known at every captured token of a text, 0 included', () => {
    const around = activity.around(0, 3);
    const expected = Array.from({ length: 10 }, (_, p) => [p, dense[0]?.[30 + p]] as const);
    expect(around).toEqual(new Map(expected));
    expect(activity.around(0, 999).size).toBe(0);
  });
});
