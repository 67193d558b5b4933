import { describe, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import { findTextDiscrepancies } from '../src/index.ts';
import type { TextMeasure } from '../src/index.ts';
import { hasCode } from './golden.ts';

/** Texts whose reward is 0.5 a stated unit and -0.02 a token, with noise that grows with the root of the length. */
function makeTexts(seed: number, n: number, planted: readonly number[] = []): TextMeasure[] {
  const random = createRandom(seed);
  return Array.from({ length: n }, (_, i) => {
    const tokens = 10 + random.integer(110);
    const stated = 3 * random.normal();
    const noise = 0.2 * Math.sqrt(tokens) * random.normal();
    const reward = 0.5 * stated - 0.02 * tokens + noise;
    return {
      tokens,
      stated,
      reward: planted.includes(i) ? reward - 2 * Math.sqrt(tokens) : reward,
    };
  });
}

const planted = [5, 17, 101, 333];
const found = findTextDiscrepancies(makeTexts(3, 600, planted));

describe('whole texts', () => {
  test('give back the line that they were made by', () => {
    expect(found?.perStated).toBeCloseTo(0.5, 1);
    expect(found?.perToken).toBeCloseTo(-0.02, 1);
  });

  test('that were planted lead, with scores below 0, and nearly no other is flagged', () => {
    const ranked = (found?.texts ?? []).map((text, i) => ({ ...text, i }));
    ranked.sort((a, b) => Math.abs(b.score) - Math.abs(a.score));
    expect(
      ranked
        .slice(0, 4)
        .map(({ i }) => i)
        .sort((a, b) => a - b),
    ).toEqual(planted);
    expect(ranked.slice(0, 4).every(({ score, flagged }) => score < -5 && flagged)).toBe(true);
    expect(ranked.filter(({ flagged }) => flagged).length).toBeLessThanOrEqual(6);
  });

  test('of which nothing was planted: scores are standard, short and long texts alike', () => {
    const { texts = [] } = findTextDiscrepancies(makeTexts(4, 2000)) ?? {};
    const share = (wanted: (text: (typeof texts)[number]) => boolean): number => {
      const chosen = texts.filter(wanted);
      return chosen.filter(({ p }) => p < 0.05).length / chosen.length;
    };
    for (const part of [share(({ tokens }) => tokens < 40), share(({ tokens }) => tokens > 80)]) {
      expect(part).toBeGreaterThan(0.03);
      expect(part).toBeLessThan(0.075);
    }
    expect(texts.filter(({ flagged }) => flagged).length).toBeLessThanOrEqual(4);
  });

  test('too few tell nothing; what cannot be measured is refused', () => {
    expect(findTextDiscrepancies(makeTexts(1, 11))).toBeUndefined();
    const bad = (change: Partial<TextMeasure>) => () =>
      findTextDiscrepancies([{ reward: 1, stated: 0, tokens: 3, ...change }]);
    expect(bad({ reward: NaN })).toThrow(hasCode('numbers-invalid'));
    expect(bad({ tokens: 0 })).toThrow(hasCode('numbers-invalid'));
  });

  test('that are all alike are none of them flagged', () => {
    const same = Array.from({ length: 20 }, () => ({ reward: 1, stated: 2, tokens: 5 }));
    const { texts = [] } = findTextDiscrepancies(same) ?? {};
    expect(texts.every(({ flagged, score }) => !flagged && Number.isFinite(score))).toBe(true);
  });
});
