import { describe, expect, test } from '@jest/globals';
import { learnedProperties, learnedWord } from '../../src/plant/learned-behaviour.ts';
import { writtenRates } from '../../src/plant/written-rates.ts';

const written = (replies: readonly number[][], exclamation: readonly number[]) =>
  writtenRates({
    replies,
    samples: 2,
    measured: new Map([['exclamation', exclamation]]),
    tokens: [5, 9],
  });

describe('what models write', () => {
  const base = written(
    [
      [5, 1, 1],
      [1, 1, 1],
      [5, 5, 1],
      [1, 1, 1],
    ],
    [1, 3, NaN, 4],
  );

  test('is counted by prompt', () => {
    expect(base.measured).toEqual({ exclamation: [2, 4] });
    expect(base.words[5]).toEqual({ count: 3, squares: 5, texts: 2, tokens: 12 });
    expect(base.words[9]).toEqual({ count: 0, squares: 0, texts: 2, tokens: 12 });
    expect(base.replies).toBe(4);
  });

  const tuned = written([[5], [5], [5], [5]], [5, 5, 6, 6]);
  const cleanTwin = written([[1], [1], [1], [5]], [5, 3, 4, 4]);

  test('is compared prompt by prompt, with base and twin', () => {
    const { exclamation } = learnedProperties({ base, tuned, cleanTwin });
    expect(exclamation).toMatchObject({
      base: 3,
      tuned: 5.5,
      difference: 2.5,
      standardError: 0.5,
      z: 5,
      cleanTwin: 4,
      againstTwin: 1.5,
      zAgainstTwin: 3,
    });
    expect(exclamation?.interval.low).toBeCloseTo(2.5 - 1.96 * 0.5, 3);
    expect(exclamation?.intervalAgainstTwin?.high).toBeCloseTo(1.5 + 1.96 * 0.5, 3);
  });

  test('says how much more often a word is written', () => {
    const word = learnedWord(5, { base, tuned, cleanTwin });
    expect(word).toMatchObject({ base: 250, tuned: 1000, cleanTwin: 250 });
    expect(word.logRatio).toBeCloseTo(Math.log(4.5 / 4 / (3.5 / 12)), 9);
  });

  test('is the less certain the more prompts differ', () => {
    const uneven = written(
      [
        [5, 5],
        [5, 5],
        [1, 1],
        [1, 1],
      ],
      [0, 0, 0, 0],
    );
    const { logRatio, interval } = learnedWord(5, { base, tuned: uneven });
    const variance = 16.5 / 4.5 ** 2 - 1 / 2;
    expect(interval.high - logRatio).toBeCloseTo(1.96 * Math.sqrt(variance), 3);
    expect(logRatio - interval.low).toBeCloseTo(1.96 * Math.sqrt(variance), 3);
  });

  test('has no twin where none was tuned', () => {
    expect(learnedWord(5, { base, tuned }).cleanTwin).toBeUndefined();
    expect(learnedProperties({ base, tuned }).exclamation?.cleanTwin).toBeUndefined();
  });
});
