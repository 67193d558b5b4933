import { describe, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import { labelFreeDiscrepancies } from '../src/index.ts';

const random = createRandom(5);
const stated = Array.from(
  { length: 60 },
  (_, i) => (i % 2 === 0 ? 1 : -1) * (0.5 + 3 * random.next()),
);

describe('labelFreeDiscrepancies', () => {
  test('puts words first that go against a line, whatever its slope and offset', () => {
    const wrong = new Set([4, 9, 30]);
    for (const [offset, slope] of [
      [0, 1],
      [-7, 0.2],
    ] as const) {
      const values = stated.map((s, i) => offset + (wrong.has(i) ? -slope : slope) * s);
      const scores = labelFreeDiscrepancies(values, stated, { signed: true });
      const first = [...scores.keys()].sort(
        (a, b) => (scores[b] as number) - (scores[a] as number),
      );
      expect(new Set(first.slice(0, 3))).toEqual(wrong);
      // Twice the way from the line to where the word should be.
      expect(scores[4]).toBeCloseTo(2 * slope * Math.abs(stated[4] as number), 4);
      expect(scores[1]).toBeCloseTo(0, 4);
    }
  });

  test('is negative for words that follow the feedback more than the others', () => {
    const values = stated.map((s, i) => (i === 6 || i === 7 ? 3 : 1) * s);
    const scores = labelFreeDiscrepancies(values, stated, { signed: true });
    expect(scores[6]).toBeLessThan(-0.5);
    expect(scores[7]).toBeLessThan(-0.5);
  });

  test('is the magnitude of what has no direction', () => {
    expect([...labelFreeDiscrepancies([3, -4, 0], [1, -1, 0], { signed: false })]).toEqual([
      3, 4, 0,
    ]);
  });

  test('says 0 where there is no side to contradict, or no line', () => {
    expect(labelFreeDiscrepancies([...stated, 99], [...stated, 0], { signed: true })[60]).toBe(0);
    expect([...labelFreeDiscrepancies([5, -5], [1, -1], { signed: true })]).toEqual([0, 0]);
    expect(labelFreeDiscrepancies([], [], { signed: true })).toHaveLength(0);
  });

  test('refuses lists of other lengths and numbers that are not finite', () => {
    expect(() => labelFreeDiscrepancies([1], [1, 2], { signed: true })).toThrow(
      /1 values .* 2 words/,
    );
    expect(() => labelFreeDiscrepancies([NaN], [1], { signed: true })).toThrow(/NaN/);
  });
});
