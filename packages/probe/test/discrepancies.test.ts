import { describe, expect, test } from '@jest/globals';
import { findDiscrepancies } from '../src/index.ts';
import { robustRegression } from '../src/robust-regression.ts';
import { expectAllClose, expectClose, hasCode, readGolden } from './golden.ts';
import { drawWords, toWord } from './words.ts';
import type { SyntheticWords } from './words.ts';

type Field = 'stated' | 'estimate' | 'standardError' | 'expectedCount';

interface Case {
  readonly name: string;
  readonly input: Readonly<Record<Field | 'drift', number[]>>;
  readonly output: {
    readonly coefficients: number[];
    readonly scale: number;
    readonly score: number[];
    readonly reversed: number[];
    readonly q: number[];
    /** Indices of the words. */
    readonly flagged: number[];
  };
}

const { cases } = readGolden<{ cases: Case[] }>('discrepancies.json');

describe.each(cases)('discrepancies $name', ({ input, output }) => {
  const words = input.stated.map((stated, i) => ({
    ...toWord(
      {
        stated,
        estimate: input.estimate[i] as number,
        standardError: input.standardError[i] as number,
        expectedCount: input.expectedCount[i] as number,
      },
      i,
    ),
    drift: input.drift[i] as number,
  }));
  const found = findDiscrepancies(words);

  test("are the reference's", () => {
    const of = (key: 'score' | 'reversed' | 'q'): number[] => found.map((word) => word[key]);
    expectAllClose(of('score'), output.score, 1e-6);
    expectAllClose(of('reversed'), output.reversed, 1e-6);
    expectAllClose(of('q'), output.q, 1e-6);
    const flagged = found.flatMap((word, i) => (word.flagged ? [i] : []));
    expect(flagged).toEqual(output.flagged);
  });

  test("rest on the reference's line", () => {
    const weight = (i: number): number =>
      1 / Math.sqrt(1 + 50 / (input.expectedCount[i] as number));
    const x = input.stated.map((stated, i) => {
      const l = Math.log((input.expectedCount[i] as number) / 20);
      return [1, stated, stated * l, l].map((term) => term * weight(i));
    });
    const fit = robustRegression(
      x,
      input.estimate.map((estimate, i) => estimate * weight(i)),
    );
    expectAllClose(fit.coefficients, output.coefficients, 1e-6);
    expectClose(fit.scale, output.scale, 1e-6);
  });
});

describe('discrepancies', () => {
  const flipped = (index: number): boolean => index % 20 === 7;
  const planted: SyntheticWords = { words: 120, seed: 1, noise: 0.05, fewest: 20, flipped };

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('are the flipped words and no others (seed %i)', (seed) => {
    const words = drawWords({ ...planted, seed });
    const found = findDiscrepancies(words).flatMap((word, i) => (word.flagged ? [i] : []));
    expect(found).toEqual(words.flatMap((_, i) => (flipped(i) ? [i] : [])));
  });

  test('are found among words of one frequency', () => {
    const words = drawWords(planted).map((word) => ({ ...word, expectedCount: 200 }));
    const found = findDiscrepancies(words).flatMap((word, i) => (word.flagged ? [i] : []));
    expect(found).toEqual(words.flatMap((_, i) => (flipped(i) ? [i] : [])));
  });

  test('are hardly ever found when every word was learned as stated', () => {
    const runs = Array.from({ length: 40 }, (_, seed) =>
      findDiscrepancies(drawWords({ words: 150, seed, noise: 0.3 })),
    );
    const wrong = runs.filter((words) => words.some(({ flagged }) => flagged)).length;
    expect(wrong).toBeLessThanOrEqual(2);
  });

  test('do not include words that are merely learned less than others', () => {
    const words = drawWords({ words: 120, seed: 3, noise: 0.02 }).map((word, i) =>
      i % 20 === 7 ? { ...word, estimate: -0.1 + 0.1 * word.stated } : word,
    );
    const found = findDiscrepancies(words).filter((_, i) => i % 20 === 7);
    expect(found.every(({ score }) => score > 3)).toBe(true);
    expect(found.some(({ flagged }) => flagged)).toBe(false);
  });

  test('are more at a higher false discovery rate', () => {
    const words = drawWords({ ...planted, noise: 0.4 });
    const at = (rate: number): number =>
      findDiscrepancies(words, { rate }).filter((word) => word.flagged).length;
    expect(at(0)).toBe(0);
    expect(at(0.05)).toBeLessThan(at(0.9));
    expect(findDiscrepancies(words)).toEqual(findDiscrepancies(words, { rate: 0.05 }));
  });

  test('keep the order and every field of the words', () => {
    const words = drawWords(planted);
    expect(findDiscrepancies(words)).toMatchObject(words);
  });

  test('need 8 words that have a sign', () => {
    const words = drawWords({ words: 7, seed: 2, noise: 0.001, flipped: (i) => i === 3 });
    const zero = toWord({ stated: 0, estimate: 2, standardError: 0.01, expectedCount: 9 }, 7);
    for (const few of [[], words, [...words, zero, zero]]) {
      expect(findDiscrepancies(few)).toEqual(
        few.map((word) => ({
          ...word,
          expected: word.estimate,
          score: 0,
          reversed: 0,
          q: 1,
          flagged: false,
        })),
      );
    }
  });

  test('hold no word stated 0, and such words change nothing', () => {
    const words = drawWords(planted);
    const zero = toWord({ stated: 0, estimate: 9, standardError: 0.01, expectedCount: 20 }, 500);
    const alone = findDiscrepancies(words);
    const [first, ...others] = findDiscrepancies([zero, ...words]);
    expect(others).toEqual(alone);
    expect(first).toMatchObject({ score: 0, reversed: 0, q: 1, flagged: false });
    // What the line predicts at an expected count of 20, where l is 0: the planted intercept.
    expectClose(first?.expected as number, -0.1, 0.05);
  });

  test('refuse words that were not measured, by name', () => {
    const words = drawWords(planted);
    const unmeasured: readonly (readonly [Field, number])[] = [
      ['estimate', NaN],
      ['estimate', -Infinity],
      ['stated', NaN],
      ['standardError', NaN],
      ['expectedCount', 0],
    ];
    for (const [field, value] of unmeasured) {
      const broken = words.map((word, i) => (i === 4 ? { ...word, [field]: value } : word));
      expect(() => findDiscrepancies(broken)).toThrow(hasCode('numbers-invalid'));
      expect(() => findDiscrepancies(broken)).toThrow('"word 4"');
    }
  });

  test('are the same when stated feedback and estimates change sign together', () => {
    const words = drawWords(planted);
    const mirrored = findDiscrepancies(
      words.map((word) => ({ ...word, stated: -word.stated, estimate: -word.estimate })),
    );
    findDiscrepancies(words).forEach((word, i) => {
      const other = mirrored[i] as (typeof mirrored)[number];
      expectClose(other.score, word.score, 1e-8);
      expectClose(other.expected, -word.expected, 1e-8);
      expect(other.flagged).toBe(word.flagged);
    });
  });
});
