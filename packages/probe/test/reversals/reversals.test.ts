import { describe, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import type { Random } from '@feedprint/core';
import { findReversals, flaggingProbability, powerOf } from '../../src/index.ts';
import type { ReversalMixture, Told, WordEstimate } from '../../src/index.ts';
import { drawWords, mean } from '../words.ts';

const SHARE = 0.2;

/** Words of which a fifth, drawn at random, are learned the other way round, with the errors that the mixture assumes. */
function draw(seed: number, noise: number) {
  const random = createRandom(seed);
  const reversed = Array.from({ length: 300 }, () => random.next() < SHARE);
  const words = drawWords({ words: 300, seed, noise: 0 }).map((word, i): WordEstimate => {
    const { stated, expectedCount } = word;
    const l = Math.log(expectedCount / 20);
    const size = 1 + 2 * (stated / 1.9) ** 2 + 50 / expectedCount;
    const learned = reversed[i] ? -stated : stated;
    const error = noise * Math.sqrt(size) * studentError(random);
    return {
      ...word,
      standardError: 0,
      estimate: -0.1 + (0.4 + 0.05 * l) * learned + 0.04 * l + error,
    };
  });
  return { words, reversed };
}

/** Student's t with 6 degrees of freedom. */
function studentError(random: Random): number {
  const chi = Array.from({ length: 6 }, () => random.normal() ** 2).reduce((a, b) => a + b);
  return random.normal() / Math.sqrt(chi / 6);
}

describe('reversals', () => {
  const runs = Array.from({ length: 12 }, (_, seed) => {
    const { words, reversed } = draw(seed, 0.12);
    return { words, reversed, ...findReversals(words) };
  });

  test('are as probable as they say', () => {
    const all = runs.flatMap(({ found, reversed }) =>
      found.map((one, i) => ({ probability: one.reversed, truth: reversed[i] ? 1 : 0 })),
    );
    for (const [low, high] of [
      [0, 0.1],
      [0.1, 0.5],
      [0.5, 0.9],
      [0.9, 1.01],
    ] as const) {
      const bin = all.filter(({ probability }) => probability >= low && probability < high);
      const said = mean(bin.map(({ probability }) => probability));
      const error = Math.sqrt((said * (1 - said)) / bin.length);
      expect(bin.length).toBeGreaterThan(50);
      expect(Math.abs(mean(bin.map(({ truth }) => truth)) - said)).toBeLessThan(4 * error + 0.02);
    }
  });

  test('are flagged at the nominal false discovery rate, and not far below it', () => {
    const flagged = runs.flatMap(({ found, reversed }) =>
      found.flatMap((one, i) => (one.flagged ? [reversed[i] ? 0 : 1] : [])),
    );
    expect(mean(flagged)).toBeLessThan(0.065);
    expect(mean(flagged)).toBeGreaterThan(0.015);
  });

  test('are flagged about as often as their power says, and not less', () => {
    const expected = runs.flatMap(({ words, mixture, found, reversed }) =>
      words.flatMap((word, i) =>
        reversed[i]
          ? [powerOf(word, mixture as ReversalMixture, flaggingProbability(found)).power]
          : [],
      ),
    );
    const seen = runs.flatMap(({ found, reversed }) =>
      found.flatMap((one, i) => (reversed[i] ? [one.flagged ? 1 : 0] : [])),
    );
    expect(mean(expected)).toBeGreaterThan(0.4);
    expect(mean(seen) - mean(expected)).toBeGreaterThan(-0.03);
    expect(mean(seen) - mean(expected)).toBeLessThan(0.08);
  });

  test('have shares that sum to one and resemble the planted ones', () => {
    for (const { mixture } of runs) {
      const { told, muted, reversed } = (mixture as ReversalMixture).parameters.shares;
      expect(told + muted + reversed).toBeCloseTo(1, 12);
      expect(Math.abs(reversed - SHARE)).toBeLessThan(0.1);
    }
  });

  test('do not depend on the unit of the feedback, nor on the order', () => {
    const { words } = draw(3, 0.12);
    const { found } = findReversals(words);
    const scaled = findReversals(words.map((word) => ({ ...word, stated: 7 * word.stated })));
    const backwards = findReversals([...words].reverse()).found.toReversed();
    found.forEach((one, i) => {
      expect(scaled.found[i]?.reversed).toBeCloseTo(one.reversed, 6);
      expect(backwards[i]?.reversed).toBeCloseTo(one.reversed, 6);
    });
  });

  test('take what drifted with the vocabulary for what it is', () => {
    const { words } = draw(4, 0.1);
    const drift = words.map((_, i) => 1.5 * Math.sin(i));
    const moved = words.map((word, i) => ({
      ...word,
      estimate: word.estimate + (drift[i] as number),
      drift: drift[i] as number,
    }));
    const { found } = findReversals(words);
    findReversals(moved).found.forEach((one, i) => {
      expect(one.reversed).toBeCloseTo(found[i]?.reversed as number, 6);
    });
  });

  test('are none where nothing was stated, where words are few and where nothing varies', () => {
    const { words } = draw(5, 0.1);
    const exact = words.map(({ stated }): Told => ({ stated, estimate: 0.3 * stated }));
    const unsaid = words.map((word) => ({ ...word, stated: 0 }));
    for (const items of [unsaid, words.slice(0, 7), exact]) {
      const { found, mixture } = findReversals(items);
      expect(mixture).toBeUndefined();
      expect(found).toEqual(items.map(() => ({ reversed: 0, q: 1, flagged: false })));
    }
  });
});

describe('the detectable size of a reversal', () => {
  const { words } = draw(6, 0.12);
  const { found, mixture } = findReversals(words);
  const fitted = mixture as ReversalMixture;
  const flagging = flaggingProbability(found);

  test('is that at which nine of ten are flagged', () => {
    const word = words.find((_, i) => found[i]?.flagged) as WordEstimate;
    const { detectable } = powerOf(word, fitted, flagging);
    const { neutral, spread } = fitted.read(word);
    const random = createRandom(7);
    const hits = Array.from({ length: 4000 }, () => {
      const error = spread * studentError(random);
      const estimate = neutral - Math.sign(word.stated) * ((detectable as number) + error);
      return fitted.read({ ...word, estimate }).posterior.reversed >= flagging ? 1 : 0;
    });
    expect(Math.abs(mean(hits) - 0.9)).toBeLessThan(0.02);
  });

  test('grows as a word becomes rarer', () => {
    const at = (expectedCount: number): number =>
      powerOf({ estimate: 0, stated: 2, expectedCount }, fitted, flagging).power;
    expect(at(200)).toBeGreaterThan(at(20));
    expect(at(20)).toBeGreaterThan(at(2));
  });
});
