import { describe, expect, test } from '@jest/globals';
import { createRandom, matrix } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { expectedFeedback, feedbackShift, feedbackSlope, shareOfShift } from '../src/index.ts';
import { expectAllClose, expectClose, readGolden } from './golden.ts';

type Bounds = readonly [number, number];

interface Golden {
  readonly stated: number[];
  readonly contexts: number[];
  readonly counts: Record<'base' | 'tuned' | 'edited', number[][]>;
  readonly expected: Record<'base' | 'tuned' | 'edited', number[]>;
  readonly slope: Record<'tuned' | 'edited', { value: number; parts: number[] }>;
  readonly shift: { value: number; interval: Bounds };
  readonly shares: Record<'expected' | 'slope', { value: number; interval: Bounds }>;
}

// tools/golden/feedback_shift.py
const golden = readGolden<Golden>('feedback-shift.json');
const { stated } = golden;

const toMatrix = (rows: readonly (readonly number[])[]): Matrix =>
  matrix(rows.length, stated.length, Float32Array.from(rows.flat()));

const counts = {
  base: toMatrix(golden.counts.base),
  tuned: toMatrix(golden.counts.tuned),
  edited: toMatrix(golden.counts.edited),
};
const expected = {
  from: expectedFeedback({ counts: counts.base, stated }),
  to: expectedFeedback({ counts: counts.tuned, stated }),
  edited: expectedFeedback({ counts: counts.edited, stated }),
};
const slopeOf = (of: Matrix) => feedbackSlope({ counts: of, base: counts.base, stated });
const slopes = {
  from: slopeOf(counts.base),
  to: slopeOf(counts.tuned),
  edited: slopeOf(counts.edited),
};
const options = { seed: 3, resamples: 4000 };

/** Two bootstraps draw other texts: their bounds agree to a small part of the interval. */
function expectInterval(found: { low: number; high: number } | null, [low, high]: Bounds): void {
  expect(Math.abs((found?.low as number) - low)).toBeLessThan(0.06 * (high - low));
  expect(Math.abs((found?.high as number) - high)).toBeLessThan(0.06 * (high - low));
}

describe('the shift along the feedback', () => {
  test('is the change of the expected stated feedback per token', () => {
    expectAllClose(expected.from, golden.expected.base, 1e-12);
    expectAllClose(expected.to, golden.expected.tuned, 1e-12);
    const shift = feedbackShift({ ...expected, contexts: golden.contexts }, options);
    expectClose(shift.value, golden.shift.value, 1e-12);
    expectInterval(shift.interval, golden.shift.interval);
    expect(shift.found).toBe(true);
  });

  test('has the slope of a weighted fit, and the influences that a finite difference gives', () => {
    for (const name of ['tuned', 'edited'] as const) {
      const parts = slopeOf(counts[name]);
      expectClose(
        parts.reduce((a, b) => a + b, 0),
        golden.slope[name].value,
        1e-12,
      );
      expectAllClose(parts, golden.slope[name].parts, 1e-8);
    }
    expect(slopes.from).toEqual(new Float64Array(golden.contexts.length));
  });

  test('has no slope where every word is told the same', () => {
    const equal = stated.map(() => 1);
    const flat = feedbackSlope({ counts: counts.tuned, base: counts.base, stated: equal });
    expect(new Set(flat)).toEqual(new Set([0]));
  });
});

describe('the share of a shift', () => {
  test.each([
    ['expected feedback', expected, golden.shares.expected],
    ['slope', slopes, golden.shares.slope],
  ] as const)('is that of numpy, with the interval of scipy, for the %s', (_, of, wanted) => {
    const found = shareOfShift(of, options);
    expectClose(found.share as number, wanted.value, 1e-8);
    expectInterval(found.interval, wanted.interval);
  });

  test('is exactly 1 for the model shifted to, and 0 for the one shifted from', () => {
    const all = shareOfShift({ ...expected, edited: expected.to }, options);
    expect(all).toMatchObject({ share: 1, interval: { low: 1, high: 1 } });
    const none = shareOfShift({ ...expected, edited: expected.from }, options);
    expect(none).toMatchObject({ share: 0, interval: { low: 0, high: 0 } });
  });

  test('says nothing of a shift that cannot be told from none', () => {
    const random = createRandom(8);
    const draw = () => Float64Array.from({ length: 60 }, () => random.normal());
    const [from, noise, edited] = [draw(), draw(), draw()];
    expect(feedbackShift({ from, to: from }, options).found).toBe(false);
    expect(shareOfShift({ from, to: from, edited }, options)).toEqual({
      share: null,
      interval: null,
    });
    const to = from.map((value, i) => value + 0.01 * (noise[i] as number));
    expect(shareOfShift({ from, to, edited }, options).share).toBeNull();
    const none = new Float64Array(0);
    expect(shareOfShift({ from: none, to: none, edited: none }, options).share).toBeNull();
  });
});
