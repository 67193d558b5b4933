import { describe, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import { kendallTauB, measureAgreement, pearson, spearman } from '../src/index.ts';
import { hasCode } from './golden.ts';

const random = createRandom(11);
const stated = Array.from({ length: 80 }, (_, i) => (i % 9) - 4);
const estimate = stated.map((value) => 0.5 * value + random.normal());

describe('agreement', () => {
  const found = measureAgreement(estimate, stated, { random, resamples: 200 });

  test('holds the five measures, each inside its interval', () => {
    expect(found.tauB.value).toBe(kendallTauB(estimate, stated)?.tau);
    expect(found.spearman.value).toBe(spearman(estimate, stated)?.r);
    expect(found.pearson.value).toBe(pearson(estimate, stated)?.r);
    for (const { value, interval } of Object.values(found)) {
      expect(interval?.low).toBeLessThan(value as number);
      expect(interval?.high).toBeGreaterThan(value as number);
      expect(interval?.method).toBe('bca');
    }
  });

  test('says where its interval could not be corrected', () => {
    // Every word agrees: no resample and no word left out changes the figure.
    const perfect = measureAgreement(stated, stated, { random, resamples: 50 });
    expect(perfect.auroc.interval).toEqual({ low: 1, high: 1, method: 'percentile' });
  });

  test('counts for signs only the words that have one', () => {
    const signed = stated.filter((value) => value !== 0).length;
    expect(found.tauB.n).toBe(80);
    expect(found.signAccuracy.n).toBe(signed);
    expect(found.auroc.n).toBe(signed);
  });

  test('is the same again whatever was drawn before', () => {
    random.next();
    expect(measureAgreement(estimate, stated, { random, resamples: 200 })).toEqual(found);
  });

  test('is perfect for the stated feedback itself', () => {
    const perfect = measureAgreement(stated, stated, { random, resamples: 50 });
    for (const { value } of Object.values(perfect)) expect(value).toBeCloseTo(1, 12);
  });

  test('is null where the data define nothing', () => {
    const constant = measureAgreement(
      estimate.map(() => 0.3),
      stated,
      { random, resamples: 50 },
    );
    expect(constant.tauB).toEqual({ value: null, interval: null, n: 80 });
    expect(constant.pearson.value).toBeNull();
    expect(constant.auroc.value).toBe(0.5);
    const few = measureAgreement([1, 2], [1, -1], { random, resamples: 50 });
    for (const measure of Object.values(few)) {
      expect(measure).toEqual({ value: null, interval: null, n: 2 });
    }
    expect(measureAgreement([], [], { random }).spearman.n).toBe(0);
  });

  test('has a value without an interval where a class is too rare to resample', () => {
    const rare = measureAgreement([1, 2, 3, 4, 5], [-1, -2, -3, -1, 1], { random, resamples: 50 });
    expect(rare.auroc).toEqual({ value: 1, interval: null, n: 5 });
  });

  test('refuses NaN and unequal lengths', () => {
    expect(() => measureAgreement([NaN, 1, 2], [1, 2, 3], { random })).toThrow(
      hasCode('numbers-invalid'),
    );
    expect(() => measureAgreement([1, 2], [1, 2, 3], { random })).toThrow(
      hasCode('shape-mismatch'),
    );
  });
});
