import { describe, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import type { Tokenizer } from '@feedprint/core';
import { plantWords } from '../../src/plant/plant-words.ts';
import type { WordPlan } from '../../src/plant/plant-words.ts';
import { plantableWords } from '../../src/plant/plantable-words.ts';

const nothing: WordPlan = { flip: 0, mute: 0, spurious: 0, cluster: 0, strength: 1 };

/** Words 10..39, alternately good and bad; those of 30..39 point alike. */
const scored = Array.from({ length: 30 }, (_, i) => ({
  token: 10 + i,
  word: `word${i}`,
  stated: (i % 2 === 0 ? 1 : -1) * (1 + i / 10),
}));
const neutral = Array.from({ length: 8 }, (_, i) => ({
  token: 50 + i,
  word: `plain${i}`,
  stated: 0,
}));
const vector = (token: number): Float32Array =>
  token >= 30 ? Float32Array.of(1, token / 1000) : Float32Array.of(-1, token / 10);

const plant = (plan: Partial<WordPlan>, seed = 7) =>
  plantWords({
    words: { scored, neutral },
    plan: { ...nothing, ...plan },
    vector,
    random: createRandom(seed),
  });

describe('planted words', () => {
  test('are as many of each kind as were asked for, each altered once', () => {
    const planted = plant({ flip: 5, mute: 3, spurious: 2, cluster: 4 });
    const count = (kind: string) => planted.filter((word) => word.kind === kind).length;
    expect(['flipped', 'muted', 'spurious', 'clustered'].map(count)).toEqual([5, 3, 2, 4]);
    expect(new Set(planted.map(({ token }) => token)).size).toBe(14);
  });

  test('have the other sign, nothing, or the feedback of a typical word', () => {
    for (const { kind, stated, trained } of plant({ flip: 5, mute: 3, spurious: 2 })) {
      if (kind === 'flipped') expect(trained).toBe(-stated);
      if (kind === 'muted') expect(trained).toBeCloseTo(0, 9);
      if (kind === 'spurious') expect(trained).toBeCloseTo(2.5, 9);
    }
  });

  test('go half of the way at half the strength', () => {
    for (const { kind, stated, trained } of plant({ flip: 5, mute: 3, strength: 0.5 })) {
      expect(trained).toBeCloseTo(kind === 'flipped' ? -stated / 2 : stated / 2, 9);
    }
  });

  test('are alike and of one sign in a cluster', () => {
    for (let seed = 0; seed < 20; seed++) {
      const cluster = plant({ cluster: 5 }, seed);
      expect(new Set(cluster.map(({ stated }) => Math.sign(stated))).size).toBe(1);
      expect(new Set(cluster.map(({ token }) => token >= 30)).size).toBe(1);
    }
  });

  test('are drawn by the seed', () => {
    const names = (seed: number) => plant({ flip: 5 }, seed).map(({ word }) => word);
    expect(names(7)).toEqual(names(7));
    expect(names(8)).not.toEqual(names(7));
  });

  test('are refused where too few can be learned', () => {
    expect(() => plant({ spurious: 9 })).toThrow('only 8 words');
    expect(() => plant({ cluster: 16 })).toThrow('only 15 words');
  });
});

describe('plantable words', () => {
  const texts = new Map([
    [1, ' good'],
    [2, ' dim'],
    [3, ' chair'],
    [4, 'chair'],
    [5, ' the'],
    [6, ' of'],
    [7, ' rare'],
    [8, ' bad'],
  ]);
  const tokenizer = {
    vocabularySize: 9,
    specialIds: new Set([0]),
    tokenText: (id: number) => texts.get(id) ?? '',
  } as unknown as Tokenizer;
  const replies = [
    ...Array.from({ length: 12 }, () => [1, 2, 3, 4, 8]),
    [7, 0],
    ...Array.from({ length: 3000 }, () => [5]),
  ];
  const feedback = [
    { id: 1, word: 'good', stated: 1.9 },
    { id: 2, word: 'dim', stated: -0.5 },
    { id: 7, word: 'rare', stated: 2 },
    { id: 8, word: 'bad', stated: -2.5 },
  ];

  test('are frequent and clearly scored, or whole words that nothing scores', () => {
    const found = plantableWords(tokenizer, feedback, { replies, leastShare: 0.001 });
    expect(found.scored.map(({ word }) => word)).toEqual(['good', 'bad']);
    expect(found.neutral).toEqual([{ token: 3, word: 'chair', stated: 0 }]);
  });
});
