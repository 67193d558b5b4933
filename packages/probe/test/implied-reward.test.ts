import { describe, expect, test } from '@jest/globals';
import { createRandom, matrix, takeRows } from '@feedprint/core';
import type { Matrix, Random } from '@feedprint/core';
import { impliedReward } from '../src/index.ts';
import type { ExpectedCounts } from '../src/index.ts';
import { expectRelative } from './golden.ts';
import { mean } from './words.ts';

const REWARDS = [0.8, -0.5, 0];

/** Texts of unlike lengths and topics; tuning multiplies each word's count by e to its reward, give or take. */
function drawCounts(texts: number, random: Random): ExpectedCounts {
  const base = matrix(texts, REWARDS.length);
  const tuned = matrix(texts, REWARDS.length);
  for (let t = 0; t < texts; t++) {
    const length = Math.exp(0.5 * random.normal());
    REWARDS.forEach((reward, w) => {
      const count = length * Math.exp(random.normal());
      base.data[t * REWARDS.length + w] = count;
      tuned.data[t * REWARDS.length + w] = count * Math.exp(reward + 0.4 * random.normal());
    });
  }
  return { base, tuned };
}

const column = (m: Matrix, w: number): number[] =>
  Array.from({ length: m.rows }, (_, t) => m.data[t * m.columns + w] as number);

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describe('implied reward', () => {
  const counts = drawCounts(50, createRandom(3));

  test('is the log ratio of summed counts with its linearised standard error over texts', () => {
    impliedReward(counts).forEach((found, w) => {
      const [base, tuned] = [column(counts.base, w), column(counts.tuned, w)];
      const [sumBase, sumTuned] = [sum(base), sum(tuned)];
      const squares = base.map((b, t) => ((tuned[t] as number) / sumTuned - b / sumBase) ** 2);
      const standardError = Math.sqrt((50 / 49) * sum(squares));
      expectRelative(found.estimate, Math.log(sumTuned / sumBase), 1e-12);
      expectRelative(found.standardError, standardError, 1e-12);
      expectRelative(found.expectedCount, sumBase, 1e-12);
      expectRelative(found.interval.high - found.estimate, 1.959963985 * standardError, 1e-8);
      expectRelative(found.estimate - found.interval.low, 1.959963985 * standardError, 1e-8);
    });
  });

  test('does not depend on the order of texts', () => {
    const order = createRandom(5).shuffle(Int32Array.from({ length: 50 }, (_, t) => t));
    const moved = impliedReward({
      base: takeRows(counts.base, order),
      tuned: takeRows(counts.tuned, order),
    });
    impliedReward(counts).forEach((found, w) => {
      expectRelative(moved[w]?.estimate as number, found.estimate, 1e-12);
      expectRelative(moved[w]?.standardError as number, found.standardError, 1e-12);
    });
  });

  test('changes sign when base and tuned change places', () => {
    const swapped = impliedReward({ base: counts.tuned, tuned: counts.base });
    impliedReward(counts).forEach((found, w) => {
      expectRelative(swapped[w]?.estimate as number, -found.estimate, 1e-12);
      expectRelative(swapped[w]?.standardError as number, found.standardError, 1e-12);
    });
  });

  test('is exactly 0 for a word that tuning left alone', () => {
    for (const reward of impliedReward({ base: counts.base, tuned: counts.base })) {
      expect(reward.estimate).toBe(0);
      expect(reward.standardError).toBe(0);
      expect(reward.interval).toEqual({ low: 0, high: 0 });
    }
  });

  test('has the standard error of a bootstrap over texts', () => {
    const texts = 400;
    const random = createRandom(11);
    const many = drawCounts(texts, random);
    impliedReward(many).forEach(({ standardError }, w) => {
      const [base, tuned] = [column(many.base, w), column(many.tuned, w)];
      const resampled = Array.from({ length: 400 }, () => {
        let [sumBase, sumTuned] = [0, 0];
        for (let i = 0; i < texts; i++) {
          const t = random.integer(texts);
          sumBase += base[t] as number;
          sumTuned += tuned[t] as number;
        }
        return Math.log(sumTuned / sumBase);
      });
      const centre = mean(resampled);
      const spread = Math.sqrt(mean(resampled.map((value) => (value - centre) ** 2)));
      expect(standardError / spread).toBeGreaterThan(0.85);
      expect(standardError / spread).toBeLessThan(1.15);
    });
  });

  test('covers the reward by its interval about 95 times in 100', () => {
    const random = createRandom(13);
    const noiseBias = 0.4 ** 2 / 2;
    const covered = Array.from({ length: 150 }, () =>
      impliedReward(drawCounts(300, random)).map(({ interval }, w) => {
        const truth = (REWARDS[w] as number) + noiseBias;
        return interval.low <= truth && truth <= interval.high ? 1 : 0;
      }),
    ).flat();
    expect(mean(covered)).toBeGreaterThan(0.93);
    expect(mean(covered)).toBeLessThan(0.97);
  });
});
