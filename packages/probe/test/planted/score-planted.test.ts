import { describe, expect, test } from '@jest/globals';
import { scorePlanted } from '../../src/planted/score-planted.ts';

const judged = [
  { score: 9, flagged: true, planted: true },
  { score: 8, flagged: true, planted: false },
  { score: 7, flagged: false, planted: true },
  { score: 1, flagged: false, planted: false },
  { score: 0, flagged: false, planted: false },
];

describe('the score of a method on planted words', () => {
  test('ranks and counts flags against the truth', () => {
    expect(scorePlanted(judged)).toEqual({
      words: 5,
      planted: 2,
      auroc: 5 / 6,
      averagePrecision: (1 + 2 / 3) / 2,
      precisionAtPlanted: 0.5,
      flagged: 2,
      falseFlags: 1,
      found: 0.5,
      falselyFlagged: 1 / 3,
    });
  });

  test('has no flags for a method that only ranks, and no ranking where nothing is planted', () => {
    const ranked = scorePlanted(judged.map((word) => ({ ...word, flagged: null })));
    expect(ranked).toMatchObject({ flagged: null, falseFlags: null, found: null });
    const clean = scorePlanted(judged.filter(({ planted }) => !planted));
    expect(clean).toMatchObject({ auroc: null, found: null, flagged: 1, falseFlags: 1 });
  });
});
