import { describe, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import type { WordEstimate } from '../src/index.ts';
import { judgeFeedback } from '../src/index.ts';
import { drawWords, normals } from './words.ts';

const judged = (words: readonly WordEstimate[], sign = 1) =>
  judgeFeedback({
    estimates: words.map(({ estimate }) => estimate),
    stated: words.map(({ stated }) => sign * stated),
    expectedCounts: words.map(({ expectedCount }) => expectedCount),
  });

describe('feedback that was learned', () => {
  const words = drawWords({ words: 300, seed: 1, noise: 0.3 });

  test('is called learned, and reversed when every stated sign is negated', () => {
    expect(judged(words)).toMatchObject({ verdict: 'learned', n: 300 });
    const reversed = judged(words, -1);
    expect(reversed.verdict).toBe('reversed');
    expect(reversed.effect).toBeCloseTo(-(judged(words).effect as number), 12);
  });

  test('is called learned with 29 % of the words the other way round', () => {
    const verdicts = Array.from({ length: 40 }, (_, seed) => {
      const random = createRandom(1000 + seed);
      const some = drawWords({ words: 339, seed, noise: 0.2, flipped: () => random.next() < 0.29 });
      return judged(some).verdict;
    });
    expect(verdicts.filter((verdict) => verdict === 'learned').length).toBeGreaterThan(36);
  });

  test('is not decided from a handful of words', () => {
    expect(judged(words.slice(0, 7))).toEqual({
      verdict: 'undecided',
      effect: null,
      interval: null,
      n: 7,
    });
  });
});

describe('changes that have nothing to do with the feedback', () => {
  const stated = Array.from({ length: 300 }, (_, i) => (i % 2 ? 1 : -1) * (1 + (i % 5) / 2));
  const expectedCounts = stated.map((_, i) => 5 + 7 * (i % 43));

  test('are unrelated, whatever they do to frequent words', () => {
    for (let seed = 0; seed < 50; seed++) {
      const noise = normals(createRandom(seed), 300);
      const estimates = expectedCounts.map(
        (count, i) => 0.3 * Math.log(count) + 0.2 * (noise[i] as number),
      );
      expect(judgeFeedback({ estimates, stated, expectedCounts }).verdict).toBe('unrelated');
    }
  });

  test('are at most undecided where the words are few', () => {
    const verdicts = Array.from({ length: 200 }, (_, seed) => {
      const estimates = normals(createRandom(seed), 20);
      return judgeFeedback({
        estimates,
        stated: stated.slice(0, 20),
        expectedCounts: expectedCounts.slice(0, 20),
      }).verdict;
    });
    // 95 % intervals beyond a margin: far fewer than one in forty on either side.
    expect(verdicts.filter((verdict) => verdict === 'learned').length).toBeLessThanOrEqual(3);
    expect(verdicts.filter((verdict) => verdict === 'reversed').length).toBeLessThanOrEqual(3);
  });
});

test('words without an estimate, or that the base model never expects, are left out', () => {
  const words = drawWords({ words: 40, seed: 2, noise: 0.2 });
  const found = judgeFeedback({
    estimates: words.map(({ estimate }, i) => (i < 5 ? NaN : estimate)),
    stated: words.map(({ stated }) => stated),
    expectedCounts: words.map(({ expectedCount }, i) => (i >= 35 ? 0 : expectedCount)),
  });
  expect(found.n).toBe(30);
});
