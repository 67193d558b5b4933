import { describe, expect, test } from '@jest/globals';
import { averagePrecision } from '../../src/statistics/average-precision.ts';
import { auroc } from '../../src/statistics/auroc.ts';
import { precisionAtK } from '../../src/statistics/precision-at-k.ts';
import { expectClose, hasCode, readGolden } from '../golden.ts';

const { rankings } = readGolden<{
  rankings: { scores: number[]; labels: number[]; averagePrecision: number }[];
}>('tests.json');

describe.each(rankings)('on $scores.length golden scores', ({ scores, labels, ...golden }) => {
  test("average precision is scikit-learn's, with and without ties", () => {
    expectClose(averagePrecision(scores, labels) as number, golden.averagePrecision, 1e-14);
  });

  test('precision at k is what drawing tied scores at random gives on average', () => {
    // Adding a tie-breaker to the positives, then to the negatives, bounds it from both sides.
    const broken = (sign: number) =>
      scores.map((score, i) => score + sign * 1e-6 * (labels[i] as number));
    for (const k of [1, 3, Math.ceil(scores.length / 2), scores.length].filter(
      (k) => k <= scores.length,
    )) {
      const found = precisionAtK(scores, labels, k) as number;
      const [best, worst] = [
        precisionAtK(broken(1), labels, k),
        precisionAtK(broken(-1), labels, k),
      ];
      expect(found).toBeLessThanOrEqual((best as number) + 1e-12);
      expect(found).toBeGreaterThanOrEqual((worst as number) - 1e-12);
    }
    const positives = labels.reduce((sum, label) => sum + label, 0);
    expectClose(
      precisionAtK(scores, labels, labels.length) as number,
      positives / labels.length,
      1e-14,
    );
  });
});

test('precision at k counts the positives on top, a tie at the border by its share', () => {
  expect(precisionAtK([5, 4, 3, 2], [1, 0, 1, 0], 1)).toBe(1);
  expect(precisionAtK([5, 4, 3, 2], [1, 0, 1, 0], 3)).toBeCloseTo(2 / 3, 14);
  expect(precisionAtK([5, 3, 3, 3], [1, 1, 0, 0], 2)).toBeCloseTo((1 + 1 / 3) / 2, 14);
});

describe('where the data define no figure', () => {
  test('average precision is undefined for one class and fewer than 3 scores', () => {
    expect(averagePrecision([1, 2, 3], [1, 1, 1])).toBeUndefined();
    expect(averagePrecision([1, 2, 3], [0, 0, 0])).toBeUndefined();
    expect(averagePrecision([1, 2], [0, 1])).toBeUndefined();
    expect(averagePrecision([], [])).toBeUndefined();
  });

  test('scores that are all equal rank nothing: average precision is the share of positives, AUROC one half', () => {
    expect(averagePrecision([7, 7, 7, 7], [1, 0, 0, 0])).toBe(0.25);
    expect(auroc([7, 7, 7, 7], [1, 0, 0, 0])).toBe(0.5);
  });

  test('precision at k is undefined for fewer than k scores', () => {
    expect(precisionAtK([1, 2], [0, 1], 3)).toBeUndefined();
  });
});

test.each([
  ['averagePrecision', (x: number[], y: number[]) => averagePrecision(x, y)],
  ['precisionAtK', (x: number[], y: number[]) => precisionAtK(x, y, 2)],
])('%s refuses NaN, other labels and unequal lengths', (_, measure) => {
  expect(() => measure([1, NaN, 3], [0, 1, 0])).toThrow(hasCode('numbers-invalid'));
  expect(() => measure([1, 2, 3], [0, 2, 0])).toThrow(hasCode('numbers-invalid'));
  expect(() => measure([1, 2, 3], [0, 1])).toThrow(hasCode('shape-mismatch'));
  expect(() => precisionAtK([1, 2], [0, 1], 0)).toThrow(hasCode('config-invalid'));
  expect(() => precisionAtK([1, 2], [0, 1], 1.5)).toThrow(hasCode('config-invalid'));
});
