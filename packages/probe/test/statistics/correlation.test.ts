import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { auroc } from '../../src/statistics/auroc.ts';
import { pearson, spearman } from '../../src/statistics/correlation.ts';
import { kendallTauB } from '../../src/statistics/kendall.ts';
import { median, medianAbsoluteDeviation } from '../../src/statistics/quantiles.ts';
import { signAccuracy } from '../../src/statistics/sign-accuracy.ts';
import { expectClose, expectRelative, hasCode, readGolden } from '../golden.ts';

interface Case {
  readonly x: number[];
  readonly y: number[];
  readonly kendall: { readonly tau: number; readonly p: number };
  readonly spearman: { readonly r: number; readonly p: number };
  readonly pearson: { readonly r: number; readonly p: number };
  readonly labels: number[];
  readonly auroc: number | null;
  readonly medianOfX: number;
  readonly medianAbsoluteDeviationOfX: number;
}

const { correlations } = readGolden<{ correlations: Case[] }>('statistics.json');

describe.each(correlations)('on $x.length golden pairs', (golden) => {
  const { x, y } = golden;

  test("Kendall's tau-b and its p-value are SciPy's", () => {
    const found = kendallTauB(x, y);
    expectClose(found?.tau as number, golden.kendall.tau, 1e-14);
    expectRelative(found?.p as number, golden.kendall.p, 1e-11);
  });

  test("Spearman's and Pearson's correlations are SciPy's", () => {
    const pairs = [
      [spearman(x, y), golden.spearman],
      [pearson(x, y), golden.pearson],
    ] as const;
    for (const [found, wanted] of pairs) {
      expectClose(found?.r as number, wanted.r, 1e-13);
      // At |r| = 1 the p-value is 0, but for rounding.
      if (wanted.p < 1e-12) expect(found?.p).toBeLessThan(1e-12);
      else expectRelative(found?.p as number, wanted.p, 1e-9);
    }
  });

  test("AUROC is scikit-learn's", () => {
    if (golden.auroc === null) expect(auroc(x, golden.labels)).toBeUndefined();
    else expectClose(auroc(x, golden.labels) as number, golden.auroc, 1e-14);
  });

  test("the median and median absolute deviation are SciPy's", () => {
    expectClose(median(x) as number, golden.medianOfX, 1e-15);
    expectClose(medianAbsoluteDeviation(x) as number, golden.medianAbsoluteDeviationOfX, 1e-15);
  });
});

describe('where the data define no figure', () => {
  const measures = { kendallTauB, spearman, pearson };

  test.each(Object.entries(measures))('%s is undefined', (_, measure) => {
    expect(measure([1, 1, 1, 1], [1, 2, 3, 4])).toBeUndefined();
    expect(measure([1, 2, 3, 4], [0, 0, 0, 0])).toBeUndefined();
    expect(measure([1, 2], [2, 1])).toBeUndefined();
    expect(measure([], [])).toBeUndefined();
  });

  test('AUROC is undefined for one class and fewer than 3 scores', () => {
    expect(auroc([1, 2, 3], [1, 1, 1])).toBeUndefined();
    expect(auroc([1, 2, 3], [0, 0, 0])).toBeUndefined();
    expect(auroc([1, 2], [0, 1])).toBeUndefined();
  });

  test('sign accuracy is undefined for fewer than 3 stated signs', () => {
    expect(signAccuracy([1, 1, 1, 1], [1, 0, 0, -1])).toBeUndefined();
  });

  test('the median of nothing is undefined', () => {
    expect(median([])).toBeUndefined();
    expect(medianAbsoluteDeviation([])).toBeUndefined();
  });
});

describe('bad input', () => {
  const all = { kendallTauB, spearman, pearson, auroc, signAccuracy };

  test.each(Object.entries(all))('%s refuses NaN, infinity and unequal lengths', (_, measure) => {
    expect(() => measure([1, NaN, 3], [0, 1, 0])).toThrow(hasCode('numbers-invalid'));
    expect(() => measure([1, 2, 3], [0, Infinity, 0])).toThrow(hasCode('numbers-invalid'));
    expect(() => measure([1, 2, 3], [0, 1])).toThrow(hasCode('shape-mismatch'));
  });

  test('AUROC refuses labels other than 0 and 1', () => {
    expect(() => auroc([1, 2, 3], [1, -1, 1])).toThrow(hasCode('numbers-invalid'));
  });

  test('the median refuses NaN', () => {
    expect(() => median([1, NaN])).toThrow(hasCode('numbers-invalid'));
  });
});

test('sign accuracy counts stated signs only, and an estimate of 0 as wrong', () => {
  expect(signAccuracy([1, -1, 0, 5, -2], [2, -3, 1, 0, 1])).toBe(0.5);
});

/** Pairs of whole numbers with many ties, or of any numbers. */
const pairs = fc
  .oneof(
    fc.array(fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 })), {
      minLength: 3,
      maxLength: 40,
    }),
    fc.array(
      fc.tuple(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
      ),
      { minLength: 3, maxLength: 40 },
    ),
  )
  .map((rows) => ({ x: rows.map(([x]) => x), y: rows.map(([, y]) => y) }));

/** By all pairs: obviously right. */
function slowTau(x: number[], y: number[]): number {
  let difference = 0;
  let xPairs = 0;
  let yPairs = 0;
  for (let i = 0; i < x.length; i++) {
    for (let j = 0; j < i; j++) {
      const a = Math.sign((x[i] as number) - (x[j] as number));
      const b = Math.sign((y[i] as number) - (y[j] as number));
      difference += a * b;
      xPairs += a * a;
      yPairs += b * b;
    }
  }
  return difference / Math.sqrt(xPairs) / Math.sqrt(yPairs);
}

describe('for any numbers', () => {
  test("Kendall's tau-b is what counting all pairs gives", () => {
    fc.assert(
      fc.property(pairs, ({ x, y }) => {
        const found = kendallTauB(x, y);
        if (found === undefined) expect(slowTau(x, y)).toBeNaN();
        else expectClose(found.tau, slowTau(x, y), 1e-12);
      }),
    );
  });

  test.each([
    ['kendallTauB', (x: number[], y: number[]) => kendallTauB(x, y)?.tau],
    ['spearman', (x: number[], y: number[]) => spearman(x, y)?.r],
    ['pearson', (x: number[], y: number[]) => pearson(x, y)?.r],
  ] as const)('%s lies in [-1, 1], is symmetric, and turns its sign with y', (_, measure) => {
    fc.assert(
      fc.property(pairs, ({ x, y }) => {
        const value = measure(x, y);
        const turned = measure(
          x,
          y.map((number) => -number),
        );
        if (value === undefined) {
          expect(turned).toBeUndefined();
          return;
        }
        expect(Math.abs(value)).toBeLessThanOrEqual(1);
        expectClose(turned as number, -value, 1e-12);
        expectClose(measure(y, x) as number, value, 1e-12);
      }),
    );
  });

  test('p-values lie in [0, 1]', () => {
    fc.assert(
      fc.property(pairs, ({ x, y }) => {
        for (const p of [kendallTauB(x, y)?.p, spearman(x, y)?.p, pearson(x, y)?.p]) {
          if (p === undefined) continue;
          expect(p).toBeGreaterThanOrEqual(0);
          expect(p).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  test('AUROC of turned scores is 1 minus AUROC', () => {
    fc.assert(
      fc.property(pairs, ({ x, y }) => {
        const labels = y.map((value) => (value > 0 ? 1 : 0));
        const value = auroc(x, labels);
        const turned = auroc(
          x.map((score) => -score),
          labels,
        );
        if (value === undefined) expect(turned).toBeUndefined();
        else expectClose(turned as number, 1 - value, 1e-12);
      }),
    );
  });
});
