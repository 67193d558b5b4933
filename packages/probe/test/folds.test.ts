import { describe, expect, test } from '@jest/globals';
import { createRandom, matrix } from '@feedprint/core';
import fc from 'fast-check';
import { createRidge, crossPredict, groupKFold, kendallTauB } from '../src/index.ts';
import { hasCode } from './golden.ts';

describe('grouped folds', () => {
  test('test every row once and never split a group', () => {
    const groups = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 2, maxLength: 80 });
    fc.assert(
      fc.property(groups, fc.integer({ min: 2, max: 5 }), fc.nat(), (names, k, seed) => {
        fc.pre(new Set(names).size >= k);
        const folds = groupKFold(names, k, createRandom(seed));
        expect(folds).toHaveLength(k);
        const tested = folds.flatMap(({ test: rows }) => Array.from(rows));
        expect(tested.sort((a, b) => a - b)).toEqual(names.map((_, i) => i));
        for (const { train, test: rows } of folds) {
          expect(train.length + rows.length).toBe(names.length);
          expect(rows.length).toBeGreaterThan(0);
          const trained = new Set(Array.from(train, (i) => names[i]));
          expect(Array.from(rows).some((i) => trained.has(names[i]))).toBe(false);
        }
      }),
    );
  });

  test('are of like size and differ with the seed', () => {
    const names = Array.from({ length: 100 }, (_, i) => `word ${i % 50}`);
    const folds = groupKFold(names, 5, createRandom(1));
    expect(folds.map(({ test: rows }) => rows.length)).toEqual([20, 20, 20, 20, 20]);
    expect(groupKFold(names, 5, createRandom(1))).toEqual(folds);
    expect(groupKFold(names, 5, createRandom(2))).not.toEqual(folds);
  });

  test('refuse more folds than groups, and fewer than 2', () => {
    for (const k of [1, 3, 2.5, NaN]) {
      expect(() => groupKFold(['a', 'b', 'b'], k, createRandom(1))).toThrow(
        hasCode('config-invalid'),
      );
    }
  });
});

describe('cross prediction', () => {
  const random = createRandom(7);
  const words = Array.from({ length: 60 }, (_, i) => i >> 1);
  const meanings = words.map((word) => ((word * 37) % 30) / 10 - 1.5);

  test('finds a relation that holds across groups', () => {
    const x = matrix(60, 3);
    meanings.forEach((meaning, i) => {
      x.data.set([meaning + 0.1 * random.normal(), random.normal(), random.normal()], 3 * i);
    });
    const predictions = crossPredict({
      x,
      y: meanings,
      groups: words,
      folds: 5,
      makeProbe: () => createRidge({ alpha: 1 }),
      random: createRandom(1),
    });
    expect(kendallTauB(predictions, meanings)?.tau).toBeGreaterThan(0.8);
  });

  test('finds nothing in features that only name the group', () => {
    const x = matrix(60, 30);
    words.forEach((word, i) => (x.data[i * 30 + word] = 1));
    const probe = createRidge({ alpha: 0.1 });
    probe.fit(x, meanings);
    expect(kendallTauB(probe.predict(x), meanings)?.tau).toBeGreaterThan(0.95);
    const predictions = crossPredict({
      x,
      y: meanings,
      groups: words,
      folds: 5,
      makeProbe: () => createRidge({ alpha: 0.1 }),
      random: createRandom(1),
    });
    expect(kendallTauB(predictions, meanings)?.tau ?? 0).toBeLessThan(0.2);
  });

  test('refuses targets or groups of another number than rows', () => {
    const options = {
      x: matrix(4, 1),
      folds: 2,
      makeProbe: () => createRidge({ alpha: 1 }),
      random,
    };
    expect(() => crossPredict({ ...options, y: [1, 2, 3], groups: [1, 2, 3, 4] })).toThrow(
      hasCode('shape-mismatch'),
    );
    expect(() => crossPredict({ ...options, y: [1, 2, 3, 4], groups: [1, 2] })).toThrow(
      hasCode('shape-mismatch'),
    );
  });
});
