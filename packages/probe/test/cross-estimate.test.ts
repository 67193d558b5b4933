import { describe, expect, test } from '@jest/globals';
import { createRandom, matrix } from '@feedprint/core';
import { createRidge, crossEstimate, crossPredict, groupKFold } from '../src/index.ts';
import type { CrossEstimation } from '../src/index.ts';
import { expectClose, hasCode, readGolden } from './golden.ts';
import { mean } from './words.ts';

interface Golden {
  readonly rows: number;
  readonly columns: number;
  readonly x: number[];
  readonly y: number[];
  readonly groups: number[];
  readonly folds: number[];
  readonly groupCount: number;
  readonly alpha: number;
  readonly confidence: number;
  readonly estimates: number[];
  readonly low: number[];
  readonly high: number[];
}

const { crossEstimates } = readGolden<{ crossEstimates: Golden[] }>('tests.json');

describe.each(crossEstimates)('CV+ over $groupCount groups in $rows rows', (golden) => {
  const folds = [...new Set(golden.folds)].sort().map((fold) => {
    const rows = (keep: boolean): Int32Array =>
      Int32Array.from(golden.folds.keys()).filter((i) => (golden.folds[i] === fold) === keep);
    return { train: rows(false), test: rows(true) };
  });
  const found = crossEstimate({
    x: matrix(golden.rows, golden.columns, Float32Array.from(golden.x)),
    y: golden.y,
    groups: golden.groups,
    groupCount: golden.groupCount,
    folds,
    makeProbe: () => createRidge({ alpha: golden.alpha }),
    confidence: golden.confidence,
  });

  test("predicts as scikit-learn's ridge does, about the mean", () => {
    golden.estimates.forEach((value, i) => {
      expectClose(found.estimates[i] as number, value, 1e-10);
    });
  });

  test('has the intervals that Barber and others write down', () => {
    golden.low.forEach((low, i) => {
      expectClose(found.intervals[i]?.low as number, low, 1e-10);
      expectClose(found.intervals[i]?.high as number, golden.high[i] as number, 1e-10);
    });
  });
});

function draw(n: number, seed: number, noise = 1): CrossEstimation {
  const random = createRandom(seed);
  const x = matrix(n, 4);
  for (let i = 0; i < x.data.length; i++) x.data[i] = random.normal();
  const y = Array.from(
    { length: n },
    (_, i) => 5 + 2 * (x.data[4 * i] as number) + noise * random.normal(),
  );
  const groups = Array.from({ length: n }, (_, i) => i);
  return {
    x,
    y,
    groups,
    groupCount: n,
    folds: groupKFold(groups, 5, random),
    makeProbe: () => createRidge({ alpha: 1 }),
  };
}

describe('cross estimates', () => {
  test('are the out-of-fold predictions, about the mean of what was trained on', () => {
    const options = draw(50, 1);
    const groups = Array.from(options.groups);
    // The folds of one seed are the same for both.
    const folds = groupKFold(groups, 5, createRandom(7));
    const predicted = crossPredict({ ...options, groups, folds: 5, random: createRandom(7) });
    const { estimates } = crossEstimate({ ...options, folds });
    folds.forEach(({ train, test: tested }) => {
      const center = mean(Array.from(train, (i) => options.y[i] as number));
      tested.forEach((i) =>
        expectClose(estimates[i] as number, (predicted[i] as number) - center, 1e-10),
      );
    });
  });

  test.each([0.8, 0.95])('have intervals that hold about %d of the targets', (confidence) => {
    const shares = Array.from({ length: 12 }, (_, seed) => {
      const options = draw(120, seed);
      const center = mean(Array.from(options.y));
      const { intervals } = crossEstimate({ ...options, confidence });
      const held = intervals.filter((interval, i) => {
        const target = (options.y[i] as number) - center;
        return interval && interval.low <= target && target <= interval.high;
      });
      return held.length / 120;
    });
    expect(Math.abs(mean(shares) - confidence)).toBeLessThan(0.03);
  });

  test('have wider intervals where targets are noisier', () => {
    const width = (noise: number): number =>
      mean(crossEstimate(draw(100, 3, noise)).intervals.map((it) => (it ? it.high - it.low : NaN)));
    expect(width(2)).toBeGreaterThan(1.5 * width(1));
  });

  test('have no interval among fewer than 19 other groups', () => {
    const { estimates, intervals } = crossEstimate(draw(20, 1));
    expect(intervals.every((interval) => interval === null)).toBe(true);
    expect(Array.from(estimates).every(Number.isFinite)).toBe(true);
    expect(crossEstimate(draw(24, 1)).intervals.every((interval) => interval)).toBe(true);
  });

  test('leave the target of a group out of its own estimate and interval', () => {
    const options = draw(60, 2);
    const before = crossEstimate(options);
    const after = crossEstimate({
      ...options,
      y: Array.from(options.y, (value, i) => (i === 17 ? 400 : value)),
    });
    expect(after.estimates[17]).toBe(before.estimates[17]);
    expect(after.intervals[17]).toEqual(before.intervals[17]);
    expect(after.intervals).not.toEqual(before.intervals);
  });

  test('say nothing of groups without rows, and 0 of targets that are all equal', () => {
    const options = draw(40, 1);
    const more = crossEstimate({ ...options, groupCount: 42 });
    expect(Array.from(more.estimates.slice(40))).toEqual([NaN, NaN]);
    expect(more.intervals.slice(40)).toEqual([null, null]);
    const equal = crossEstimate({ ...options, y: new Float64Array(40).fill(3) });
    expect(equal.estimates).toEqual(new Float64Array(40));
    expect(equal.intervals[0]).toEqual({ low: 0, high: 0 });
  });

  test('learn from groups beyond those that get a figure', () => {
    const options = draw(60, 5);
    const all = crossEstimate(options);
    const some = crossEstimate({ ...options, groupCount: 20 });
    expect(some.estimates).toEqual(all.estimates.slice(0, 20));
    expect(some.intervals).toEqual(all.intervals.slice(0, 20));
  });

  test('refuse lists of other lengths', () => {
    expect(() => crossEstimate({ ...draw(40, 1), y: [1] })).toThrow(hasCode('shape-mismatch'));
  });
});
