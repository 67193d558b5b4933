import { describe, expect, test } from '@jest/globals';
import { createRandom, matrix, row } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { createSae, maxCosineMatch } from '../src/index.ts';
import type { GraphSae } from '../src/index.ts';
import { SITE, normalMatrix } from './support/saes.ts';

/** An SAE of which the decoder alone matters. */
const decoding = (wDec: Matrix): GraphSae =>
  createSae({
    site: SITE,
    architecture: { kind: 'relu' },
    weights: {
      wEnc: matrix(wDec.columns, wDec.rows),
      bEnc: new Float32Array(wDec.rows),
      wDec,
      bDec: new Float32Array(wDec.columns),
    },
  });

const cosine = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, v, i) => sum + v * (b[i] as number), 0) / (Math.hypot(...a) * Math.hypot(...b));

describe('maxCosineMatch', () => {
  test('finds what comparing all pairs finds, each way by its own count', () => {
    const [a, b] = [normalMatrix(7, 5, 1, 3), normalMatrix(11, 5, 2, 0.1)];
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const { mmcs, matches } = maxCosineMatch(decoding(one), decoding(other));
      const best = Array.from({ length: one.rows }, (_, f) => {
        const all = Array.from({ length: other.rows }, (_, g) =>
          cosine(row(one, f), row(other, g)),
        );
        return { feature: f, match: all.indexOf(Math.max(...all)), similarity: Math.max(...all) };
      });
      expect(matches.map(({ feature, match }) => [feature, match])).toEqual(
        best.map(({ feature, match }) => [feature, match]),
      );
      matches.forEach(({ similarity }, f) =>
        expect(similarity).toBeCloseTo(best[f]?.similarity as number, 10),
      );
      expect(mmcs).toBeCloseTo(best.reduce((sum, m) => sum + m.similarity, 0) / best.length, 10);
    }
  });

  test('knows a dictionary again whose rows changed places and lengths', () => {
    const a = normalMatrix(9, 6, 4);
    const order = createRandom(1).shuffle([...Array(9).keys()]);
    const b = matrix(9, 6);
    order.forEach((from, to) => row(b, to).set(row(a, from).map((v) => v * (1 + to))));
    const { mmcs, matches } = maxCosineMatch(decoding(a), decoding(b));
    expect(mmcs).toBeCloseTo(1, 6);
    expect(matches.map(({ match }) => match)).toEqual(
      [...Array(9).keys()].map((f) => order.indexOf(f)),
    );
  });

  test('does not take the opposite direction for the same', () => {
    const a = decoding(matrix(1, 2, Float32Array.of(1, 0)));
    expect(maxCosineMatch(a, decoding(matrix(1, 2, Float32Array.of(-1, 0)))).mmcs).toBe(-1);
    const { matches } = maxCosineMatch(a, decoding(matrix(2, 2, Float32Array.of(-1, 0, 0.6, 0.8))));
    expect(matches[0]).toEqual({ feature: 0, match: 1, similarity: expect.closeTo(0.6, 6) });
  });

  test('lets several features have one match, and a zero row match nothing', () => {
    const a = decoding(matrix(3, 2, Float32Array.of(1, 0, 1, 0.1, 0, 0)));
    const { matches } = maxCosineMatch(a, decoding(matrix(2, 2, Float32Array.of(0, -1, 1, 0))));
    expect(matches.map(({ match }) => match).slice(0, 2)).toEqual([1, 1]);
    expect(matches[2]?.similarity).toBe(0);
  });

  test('refuses dictionaries over other widths', () => {
    const pair = () => maxCosineMatch(decoding(matrix(2, 3)), decoding(matrix(2, 4)));
    expect(pair).toThrow(expect.objectContaining({ code: 'shape-mismatch' }));
  });
});
