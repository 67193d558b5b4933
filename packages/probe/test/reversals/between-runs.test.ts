import { describe, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import { betweenRuns } from '../../src/index.ts';
import type { RunsOfTuning } from '../../src/index.ts';
import { studentTQuantile } from '../../src/statistics/student-t.ts';
import { mean } from '../words.ts';

const WORDS = 400;

interface Planted {
  readonly siblings: number;
  /** Standard deviation from run to run of each word, nats. */
  readonly spread: (word: number) => number;
}

/** Tunings that learn the same of every word but for a planted spread, each with a strength of its own. */
function plant({ siblings, spread }: Planted, seed: number) {
  const random = createRandom(seed);
  const words = Array.from({ length: WORDS }, () => ({
    stated: (random.next() < 0.5 ? -1 : 1) * (1 + 2 * random.next()),
    expectedCount: Math.exp(1 + 4 * random.next()),
  }));
  const truth = words.map(({ stated }) => 0.4 * stated + 0.3 * random.normal());
  const run = (): Float64Array => {
    const [shift, strength] = [0.2 * random.normal(), 0.1 * random.normal()];
    return Float64Array.from(
      words,
      ({ stated }, w) =>
        (truth[w] as number) + shift + strength * stated + spread(w) * random.normal(),
    );
  };
  return { words, audited: run(), siblings: Array.from({ length: siblings }, run) };
}

const spreads = (runs: RunsOfTuning): number[] =>
  Array.from(betweenRuns(runs).variances, Math.sqrt);

/** Half the words vary twice as much from run to run as the others. */
const twofold = (word: number): number => (word % 2 === 0 ? 0.15 : 0.3);

/** Each word has a spread of its own: variances of 0.04 x 8 over a chi-squared of 8 degrees of freedom. */
const uneven = (word: number): number => {
  const random = createRandom(word);
  const chi = Array.from({ length: 8 }, () => random.normal() ** 2).reduce((a, b) => a + b);
  return Math.sqrt((0.04 * 8) / chi);
};

describe('the spread between runs of tuning', () => {
  test.each([1, 2, 4])('is found as it was planted, from %d siblings', (siblings) => {
    const found = spreads(plant({ siblings, spread: () => 0.25 }, siblings));
    expect(mean(found)).toBeGreaterThan(0.22);
    expect(mean(found)).toBeLessThan(0.28);
  });

  test('differs by word where siblings are enough to tell', () => {
    const found = spreads(plant({ siblings: 8, spread: twofold }, 5));
    const [calm, restless] = [0, 1].map((odd) => mean(found.filter((_, w) => w % 2 === odd)));
    expect(calm).toBeLessThan(0.19);
    expect(restless).toBeGreaterThan(0.25);
  });

  test.each([1, 2, 4])('gives intervals that cover another run, from %d siblings', (siblings) => {
    const covered = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((seed) => {
      const {
        words,
        audited,
        siblings: known,
      } = plant({ siblings: siblings + 1, spread: uneven }, seed);
      const [other, ...runs] = known as [Float64Array, ...Float64Array[]];
      const { variances, freedom } = betweenRuns({ words, audited, siblings: runs });
      const reach = studentTQuantile(0.975, Math.min(freedom, 1e6));
      // Two runs, each with its own spread; how strongly either learned as a whole is taken off by a line.
      const rest = besideLine(
        words,
        audited.map((value, w) => value - (other[w] as number)),
      );
      return rest.map((value, w): number =>
        Math.abs(value) < reach * Math.sqrt(2 * (variances[w] as number)) ? 1 : 0,
      );
    });
    expect(mean(covered)).toBeGreaterThan(0.93);
    expect(mean(covered)).toBeLessThan(0.97);
  });

  test('does not excuse a word that was reversed in the judged model', () => {
    for (const siblings of [1, 2]) {
      const runs = plant({ siblings, spread: () => 0.25 }, 11);
      const reversed = runs.audited.map((value, w) => (w < 20 ? -value : value));
      const found = spreads({ ...runs, audited: reversed });
      expect(mean(found.slice(0, 20))).toBeLessThan(0.3);
    }
  });

  test('is zero without siblings, and with identical ones', () => {
    const runs = plant({ siblings: 1, spread: () => 0 }, 3);
    expect(Math.max(...spreads({ ...runs, siblings: [] }))).toBe(0);
    const same = [runs.audited, runs.audited];
    expect(Math.max(...spreads({ ...runs, siblings: same }))).toBe(0);
    expect(Math.max(...spreads({ ...runs, siblings: [runs.audited] }))).toBeLessThan(1e-9);
  });
});

/** Residuals of a least-squares line in stated feedback. */
function besideLine(words: RunsOfTuning['words'], values: Float64Array): number[] {
  const x = words.map(({ stated }) => stated);
  const [mx, my] = [mean(x), mean(Array.from(values))];
  const slope =
    x.reduce((sum, each, w) => sum + (each - mx) * ((values[w] as number) - my), 0) /
    x.reduce((sum, each) => sum + (each - mx) ** 2, 0);
  return Array.from(values, (value, w) => value - my - slope * ((x[w] as number) - mx));
}
