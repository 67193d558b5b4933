import { describe, expect, test } from '@jest/globals';
import { createRandom, matrix } from '@feedprint/core';
import { chosenConstants } from '../../src/planted/chosen-constants.ts';
import { coverageOf, coverageOfHalves } from '../../src/planted/coverage.ts';
import { recallByPower } from '../../src/planted/recall-by-power.ts';
import { spreadOf } from '../../src/planted/spread.ts';

describe('recall against power', () => {
  test('sets what was promised beside what was found, in quarters', () => {
    const bins = recallByPower([
      { power: 0.1, flagged: false },
      { power: 0.2, flagged: true },
      { power: 0.75, flagged: true },
      { power: 1, flagged: true },
    ]);
    expect(bins.map(({ from, to }) => [from, to])).toEqual([
      [0, 0.25],
      [0.25, 0.5],
      [0.5, 0.75],
      [0.75, 1],
    ]);
    expect(bins[0]?.promised).toBeCloseTo(0.15, 12);
    expect(bins[0]?.recall).toMatchObject({ events: 1, trials: 2, value: 0.5 });
    expect(bins[1]).toMatchObject({ promised: null, recall: { trials: 0, value: null } });
    expect(bins[3]).toMatchObject({ promised: 0.875, recall: { events: 2, trials: 2 } });
  });
});

describe('the spread over pairs', () => {
  test('names the worst and leaves out pairs without a figure', () => {
    expect(
      spreadOf([
        { pair: 'a', value: 0.9 },
        { pair: 'b', value: null },
        { pair: 'c', value: 0.7 },
        { pair: 'd', value: 0.8 },
      ]),
    ).toEqual({ n: 3, median: 0.8, high: 0.9, low: 0.7, worst: 'c' });
    expect(spreadOf([{ pair: 'b', value: null }])).toBeNull();
  });
});

describe('coverage', () => {
  test('is 95 % where standard errors tell the truth, and less where they are too small', () => {
    const random = createRandom(3);
    const pairs = (error: number) =>
      Array.from({ length: 4000 }, () => {
        const one = () => ({ estimate: 0.3 * random.normal(), standardError: error });
        return [one(), one()] as const;
      });
    const honest = coverageOf(pairs(0.3));
    expect(honest.covered.interval?.low).toBeLessThan(0.95);
    expect(honest.covered.interval?.high).toBeGreaterThan(0.95);
    expect((honest.difference as number) / (honest.expected as number)).toBeCloseTo(1, 1);
    const bold = coverageOf(pairs(0.03));
    expect(bold.covered.value).toBeLessThan(0.25);
    expect((bold.difference as number) / (bold.expected as number)).toBeGreaterThan(9);
  });

  test('between halves of texts holds for log-ratios of counts that differ from text to text', () => {
    const random = createRandom(5);
    const [texts, words] = [300, 200];
    const [base, tuned] = [matrix(texts, words), matrix(texts, words)];
    for (let i = 0; i < texts * words; i++) {
      const shared = Math.exp(random.normal());
      base.data[i] = shared * Math.exp(0.3 * random.normal());
      tuned.data[i] = 1.5 * shared * Math.exp(0.3 * random.normal());
    }
    const { covered } = coverageOfHalves({ base, tuned });
    expect(covered.trials).toBe(words);
    expect(covered.value).toBeGreaterThan(0.9);
  });

  test('leaves out estimates that are not finite', () => {
    const one = { estimate: 1, standardError: 0.1 };
    expect(coverageOf([[one, { ...one, estimate: -Infinity }]]).covered.trials).toBe(0);
  });
});

describe('the constants that were chosen on development pairs', () => {
  test('are listed once each, as numbers', () => {
    const names = chosenConstants.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { value, meaning } of chosenConstants) {
      expect(value).toBeGreaterThan(0);
      expect(meaning).not.toBe('');
    }
  });
});
