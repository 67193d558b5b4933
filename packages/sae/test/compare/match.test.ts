import { describe, expect, test } from '@jest/globals';
import { createRandom, dot, matrix, norm, row } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import fc from 'fast-check';
import { compareDictionaries, matchOneToOne, maxCosineMatch } from '../../src/index.ts';
import { decoderOnly } from '../support/plain-sae.ts';
import { normalMatrix } from '../support/saes.ts';

const cosine = (a: Float32Array, b: Float32Array): number => dot(a, b) / (norm(a) * norm(b));
const decoder = (columns: number, ...numbers: number[]) =>
  decoderOnly(matrix(numbers.length / columns, columns, Float32Array.from(numbers)));

/** Best match of each row by comparing all pairs in f64. */
const allPairs = (a: Matrix, b: Matrix) =>
  Array.from({ length: a.rows }, (_, f) => {
    const all = Array.from({ length: b.rows }, (_, g) => cosine(row(a, f), row(b, g)));
    return { match: all.indexOf(Math.max(...all)), similarity: Math.max(...all) };
  });

describe('maxCosineMatch', () => {
  test('finds what comparing all pairs finds, each way by its own count', async () => {
    const [a, b] = [normalMatrix(70, 5, 1, 3), normalMatrix(110, 5, 2, 0.1)];
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const { mmcs, matches } = await maxCosineMatch(decoderOnly(one), decoderOnly(other));
      const best = allPairs(one, other);
      expect(matches.map(({ match }) => match)).toEqual(best.map(({ match }) => match));
      matches.forEach(({ similarity, feature }, f) => {
        expect(feature).toBe(f);
        expect(similarity).toBeCloseTo(best[f]?.similarity as number, 12);
      });
      expect(mmcs).toBeCloseTo(best.reduce((sum, m) => sum + m.similarity, 0) / best.length, 12);
    }
  });

  test('tells apart what f32 cannot: the nearest of many rows that differ in the last digits', async () => {
    const random = createRandom(6);
    const [a] = [normalMatrix(20, 64, 7)];
    const b = matrix(200, 64);
    for (let g = 0; g < b.rows; g++) {
      row(a, g % a.rows).forEach((v, d) => (row(b, g)[d] = v * (1 + random.normal() * 1e-5)));
    }
    const { matches } = await maxCosineMatch(decoderOnly(a), decoderOnly(b));
    allPairs(a, b).forEach(({ similarity }, f) => {
      const { match, similarity: found } = matches[f] ?? { match: null, similarity: NaN };
      expect(found).toBeCloseTo(similarity, 14);
      expect(cosine(row(a, f), row(b, match as number))).toBeCloseTo(similarity, 14);
    });
  });

  test('takes the first of equal features', async () => {
    const { matches } = await maxCosineMatch(
      decoder(2, 1, 1),
      decoder(2, 0, 1, 2, 2, 2, 2, 1, 1, 1, 1),
    );
    expect(matches).toEqual([{ feature: 0, match: 1, similarity: expect.closeTo(1, 12) }]);
  });

  test('knows a dictionary again whose rows changed places and lengths', async () => {
    const a = normalMatrix(9, 6, 4);
    const order = createRandom(1).shuffle([...Array(9).keys()]);
    const b = matrix(9, 6);
    order.forEach((from, to) => row(b, to).set(row(a, from).map((v) => v * (1 + to))));
    for (const matcher of [maxCosineMatch, matchOneToOne]) {
      const { mmcs, matches } = await matcher(decoderOnly(a), decoderOnly(b));
      expect(mmcs).toBeCloseTo(1, 6);
      expect(matches.map(({ match }) => match)).toEqual(
        [...Array(9).keys()].map((f) => order.indexOf(f)),
      );
    }
  });

  test('does not take the opposite direction for the same', async () => {
    const a = decoder(2, 1, 0);
    expect((await maxCosineMatch(a, decoder(2, -1, 0))).mmcs).toBe(-1);
    const { matches } = await maxCosineMatch(a, decoder(2, -1, 0, 0.6, 0.8));
    expect(matches[0]).toEqual({ feature: 0, match: 1, similarity: expect.closeTo(0.6, 6) });
  });

  test('is the mean of maxima, with indices into the second dictionary (mistake 8 of the released code)', async () => {
    // One to one, the second feature would have to take what is left; its best match is index 2 of the larger dictionary.
    const [small, large] = [decoder(2, 1, 0, 1, 0.01), decoder(2, -1, 0, 0, 1, 1, 0)];
    const { mmcs, matches } = await maxCosineMatch(small, large);
    expect(matches.map(({ match }) => match)).toEqual([2, 2]);
    expect(mmcs).toBeCloseTo((1 + 1 / Math.hypot(1, 0.01)) / 2, 9);
    expect((await matchOneToOne(small, large)).mmcs).toBeLessThan(0.6);
  });

  test('lets several features have one match, and zero rows match nothing', async () => {
    const a = decoder(2, 1, 0, 1, 0.1, 0, 0, -1, -1);
    const { matches, mmcs } = await maxCosineMatch(a, decoder(2, 0, -1, 1, 0, 0, 0));
    expect(matches.map(({ match }) => match)).toEqual([1, 1, null, 0]);
    expect(matches[2]).toEqual({ feature: 2, match: null, similarity: 0 });
    expect(mmcs).toBeCloseTo((1 + 1 / Math.hypot(1, 0.1) + Math.SQRT1_2) / 4, 6);
    const none = await maxCosineMatch(a, decoder(2, 0, 0));
    expect(none.matches.every(({ match }) => match === null)).toBe(true);
    expect(none.mmcs).toBe(0);
  });

  test.each([maxCosineMatch, matchOneToOne])('refuses what it cannot compare', async (matcher) => {
    const [two, three] = [decoder(2, 1, 0), decoder(3, 1, 0, 0)];
    await expect(matcher(two, three)).rejects.toMatchObject({ code: 'shape-mismatch' });
    await expect(matcher(two, decoder(2, NaN, 1))).rejects.toMatchObject({
      code: 'numbers-invalid',
    });
  });
});

describe('matchOneToOne', () => {
  test('gives every feature its own match where the plain maximum gives one to several', async () => {
    const [a, b] = [decoder(2, 1, 0, 1, 0.1), decoder(2, 1, 0, 0, 1, -1, 0)];
    expect((await maxCosineMatch(a, b)).matches.map(({ match }) => match)).toEqual([0, 0]);
    const { matches, mmcs } = await matchOneToOne(a, b);
    expect(matches.map(({ match }) => match)).toEqual([0, 1]);
    expect(mmcs).toBeCloseTo((1 + 0.1 / Math.hypot(1, 0.1)) / 2, 6);
  });

  test('adds up to no more than the plain maxima, and to as much from either side', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer(),
        async (n, m, seed) => {
          const [a, b] = [normalMatrix(n, 4, seed), normalMatrix(m, 4, seed ^ 1)].map(decoderOnly);
          if (!a || !b) return;
          const [there, back] = [await matchOneToOne(a, b), await matchOneToOne(b, a)];
          expect(there.mmcs * n).toBeCloseTo(back.mmcs * m, 5);
          if (n <= m) expect(there.mmcs).toBeLessThanOrEqual((await maxCosineMatch(a, b)).mmcs);
          const pairs = there.matches.filter(({ match }) => match !== null);
          expect(pairs.length).toBe(Math.min(n, m));
          expect(new Set(pairs.map(({ match }) => match)).size).toBe(pairs.length);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('leaves zero rows and what is left over without a match', async () => {
    const { matches, mmcs } = await matchOneToOne(
      decoder(2, 0, 0, 1, 0, 0, 1, 1, 1),
      decoder(2, 0, 0, 0, 2),
    );
    expect(matches.map(({ match }) => match)).toEqual([null, null, 1, null]);
    expect(mmcs).toBeCloseTo(1 / 4, 6);
  });
});

describe('compareDictionaries', () => {
  test('finds the features that only one of two dictionaries has', async () => {
    const shared = normalMatrix(6, 64, 1);
    const extra = normalMatrix(3, 64, 2);
    const b = matrix(10, 64);
    b.data.set(shared.data);
    b.data.set(extra.data, shared.data.length);
    const result = await compareDictionaries(decoderOnly(shared), decoderOnly(b), {
      oneToOne: true,
    });
    expect(result.threshold).toBe(0.7);
    expect(result.aInB.mmcs).toBeCloseTo(1, 6);
    expect(result.bInA.mmcs).toBeLessThan(0.8);
    expect(result.onlyInA).toEqual([]);
    // The tenth row is zero: no feature.
    expect(result.onlyInB.map(({ feature }) => feature).sort()).toEqual([6, 7, 8]);
    const similarities = result.onlyInB.map(({ similarity }) => similarity);
    expect(similarities).toEqual([...similarities].sort((x, y) => x - y));
    expect(result.oneToOne?.matches.map(({ match }) => match)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('moves the line by the threshold', async () => {
    const [a, b] = [decoder(2, 1, 0), decoder(2, 0.6, 0.8)];
    const at = async (threshold: number) =>
      (await compareDictionaries(a, b, { threshold })).onlyInB;
    expect(await at(0.5)).toEqual([]);
    expect(await at(0.61)).toEqual([{ feature: 0, match: 0, similarity: expect.closeTo(0.6, 6) }]);
    expect((await compareDictionaries(a, b)).oneToOne).toBe(undefined);
  });
});
