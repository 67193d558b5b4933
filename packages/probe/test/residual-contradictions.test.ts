import { describe, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import { auroc, residualContradictions } from '../src/index.ts';

/** Estimates that follow what was stated, but for every `turned`-th word. */
function draw(n: number, seed: number, turned: number) {
  const random = createRandom(seed);
  const stated = Array.from(
    { length: n },
    () => 2 * Math.sign(random.normal()) * (0.5 + random.next()),
  );
  const wrong = stated.map((_, i) => i % turned === 0);
  const estimates = stated.map(
    (value, i) => 0.1 + 0.3 * value * (wrong[i] ? -1 : 1) + 0.1 * random.normal(),
  );
  return { stated, estimates, wrong };
}

describe('contradictions by residuals', () => {
  test('rank the words that were learned the wrong way round first, and flag them', () => {
    const { stated, estimates, wrong } = draw(200, 1, 20);
    const found = residualContradictions(estimates, stated);
    const scores = found.map((one) => one?.score as number);
    expect(auroc(scores, wrong.map(Number))).toBeGreaterThan(0.999);
    const flagged = found.map((one) => one?.flagged === true);
    wrong.forEach((turned, i) => turned && expect(flagged[i]).toBe(true));
    // Of those flagged one in twenty is expected to be chance.
    expect(flagged.filter(Boolean).length).toBeLessThanOrEqual(12);
  });

  test('flag hardly any word where nothing contradicts', () => {
    const flagged = Array.from({ length: 20 }, (_, seed) => {
      const { stated, estimates } = draw(200, seed, 1000);
      return residualContradictions(estimates.slice(1), stated.slice(1)).filter(
        (one) => one?.flagged,
      ).length;
    });
    expect(flagged.reduce((a, b) => a + b) / (20 * 199)).toBeLessThan(0.005);
  });

  test('do not flag what lies off the line on the side of its feedback', () => {
    const { stated, estimates } = draw(100, 2, 1000);
    const strong = stated.indexOf(Math.max(...stated));
    // Learned half as much, but not against it.
    estimates[strong] = 0.1 + 0.02 * (stated[strong] as number);
    const found = residualContradictions(estimates, stated)[strong];
    expect(found?.score).toBeGreaterThan(3);
    expect(found?.flagged).toBe(false);
  });

  test('scale and move with the estimates', () => {
    const { stated, estimates } = draw(100, 3, 10);
    const found = residualContradictions(estimates, stated);
    const moved = residualContradictions(
      estimates.map((value) => 7 * value - 3),
      stated,
    );
    found.forEach((one, i) => {
      expect(moved[i]?.score).toBeCloseTo(one?.score as number, 5);
      expect(moved[i]?.expected).toBeCloseTo(7 * (one?.expected as number) - 3, 5);
      expect(moved[i]?.flagged).toBe(one?.flagged);
    });
  });

  test('leave out words without an estimate, and give words stated 0 no side', () => {
    const { stated, estimates } = draw(40, 4, 10);
    const holed = estimates.map((value, i) => (i === 5 ? NaN : value));
    const neutral = stated.map((value, i) => (i === 6 ? 0 : value));
    const found = residualContradictions(holed, neutral);
    expect(found[5]).toBeNull();
    expect(found[6]).toMatchObject({ score: 0, reversed: 0, q: 1, flagged: false });
    const kept = (list: number[]): number[] => list.filter((_, i) => i !== 5 && i !== 6);
    expect(found.filter((_, i) => i !== 5 && i !== 6)).toEqual(
      residualContradictions(kept(estimates), kept(stated)),
    );
  });

  test.each([
    ['fewer than 8 words', [1, -2, 3, -4, 5, -6, 7], [1, -1, 1, -1, 1, -1, 1]],
    [
      'estimates that are all equal',
      new Array<number>(20).fill(0.4),
      Array.from({ length: 20 }, (_, i) => i - 9.5),
    ],
    [
      'estimates that are what was stated',
      Array.from({ length: 20 }, (_, i) => i - 9.5),
      Array.from({ length: 20 }, (_, i) => i - 9.5),
    ],
    ['no estimate at all', new Array<number>(20).fill(NaN), new Array<number>(20).fill(1)],
    [
      'one stated value',
      Array.from({ length: 20 }, (_, i) => Math.sin(i)),
      new Array<number>(20).fill(1),
    ],
    ['no words', [], []],
  ])('flag nothing and hold no NaN for %s', (_, estimates, stated) => {
    for (const one of residualContradictions(estimates, stated)) {
      if (one === null) continue;
      expect(one.flagged).toBe(false);
      expect(
        Object.values(one).every((value) => typeof value === 'boolean' || Number.isFinite(value)),
      ).toBe(true);
    }
  });
});
