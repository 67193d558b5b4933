import { describe, expect, test } from '@jest/globals';
import { brierScore } from '../../src/statistics/brier-score.ts';
import { calibration } from '../../src/statistics/calibration.ts';
import { expectAllClose, expectClose, hasCode, readGolden } from '../golden.ts';

interface Golden {
  readonly probabilities: number[];
  readonly labels: number[];
  readonly bins: number;
  readonly brier: number;
  readonly observed: number[];
  readonly predicted: number[];
}

const { calibrations } = readGolden<{ calibrations: Golden[] }>('tests.json');

describe.each(calibrations)('on $probabilities.length golden probabilities', (golden) => {
  const { probabilities, labels, bins } = golden;

  test("the Brier score is scikit-learn's", () => {
    expectClose(brierScore(probabilities, labels) as number, golden.brier, 1e-14);
  });

  test("the reliability bins are those of scikit-learn's calibration curve", () => {
    const found = calibration(probabilities, labels, bins)?.bins ?? [];
    expectAllClose(
      found.map(({ observed }) => observed),
      golden.observed,
      1e-14,
    );
    expectAllClose(
      found.map(({ predicted }) => predicted),
      golden.predicted,
      1e-14,
    );
  });

  test('the expected error weighs the bins by what they hold', () => {
    const found = calibration(probabilities, labels, bins);
    const wanted = found?.bins.reduce(
      (sum, { n }, i) =>
        sum + n * Math.abs((golden.observed[i] as number) - (golden.predicted[i] as number)),
      0,
    );
    expectClose(found?.expectedError as number, (wanted as number) / labels.length, 1e-14);
    expect(found?.bins.reduce((sum, { n }) => sum + n, 0)).toBe(labels.length);
  });
});

test('what happens as often as predicted is calibrated', () => {
  const found = calibration([0.25, 0.25, 0.25, 0.25, 1, 0], [1, 0, 0, 0, 1, 0]);
  expect(found?.expectedError).toBe(0);
  expect(found?.bins.map(({ low, high, n }) => [low, high, n])).toEqual([
    [0, 0.1, 1],
    [0.2, 0.3, 4],
    [0.9, 1, 1],
  ]);
});

test('one class and one prediction have a score, nothing has none', () => {
  expect(brierScore([0.5], [1])).toBe(0.25);
  expect(calibration([0.5, 0.5], [1, 1])?.expectedError).toBe(0.5);
  expect(brierScore([], [])).toBeUndefined();
  expect(calibration([], [])).toBeUndefined();
});

test.each([
  ['brierScore', (x: number[], y: number[]) => brierScore(x, y)],
  ['calibration', (x: number[], y: number[]) => calibration(x, y)],
])('%s refuses what is no probability, no label or of another length', (_, measure) => {
  expect(() => measure([0.1, NaN], [0, 1])).toThrow(hasCode('numbers-invalid'));
  expect(() => measure([0.1, 1.5], [0, 1])).toThrow(hasCode('numbers-invalid'));
  expect(() => measure([0.1, 0.5], [0, -1])).toThrow(hasCode('numbers-invalid'));
  expect(() => measure([0.1], [0, 1])).toThrow(hasCode('shape-mismatch'));
  expect(() => calibration([0.1], [0], 0)).toThrow(hasCode('config-invalid'));
});
