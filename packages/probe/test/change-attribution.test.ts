import { describe, expect, test } from '@jest/globals';
import { createRandom, dot, matrix, row } from '@feedprint/core';
import { attributeChange } from '../src/index.ts';
import type { ChangeEvidence } from '../src/index.ts';
import { expectClose, hasCode } from './golden.ts';
import { normals } from './words.ts';

const [positions, width, dSae, words] = [40, 7, 12, 5];

/** A random SAE's view of random activations: x = z W_dec + e. */
function draw(seed: number): ChangeEvidence {
  const random = createRandom(seed);
  const drawn = (rows: number, columns: number) =>
    matrix(rows, columns, normals(random, rows * columns));
  const relu = (values: Float32Array) => values.map((value) => Math.max(0, value));
  return {
    gradient: drawn(positions, width),
    activations: { tuned: drawn(positions, width), base: drawn(positions, width) },
    features: {
      tuned: matrix(positions, dSae, relu(normals(random, positions * dSae))),
      base: matrix(positions, dSae, relu(normals(random, positions * dSae))),
    },
    wDec: drawn(dSae, width),
    // The last word stands nowhere.
    word: Int32Array.from({ length: positions }, () => random.integer(words - 1)),
    words,
  };
}

const meanOver = (evidence: ChangeEvidence, w: number, value: (r: number) => number): number => {
  const rows = Array.from(evidence.word.keys()).filter((r) => evidence.word[r] === w);
  return rows.reduce((sum, r) => sum + value(r), 0) / rows.length;
};

describe('the attribution of a change', () => {
  test.each([1, 2, 3])('adds up: features and error make g . (x_tuned - x_base) (%i)', (seed) => {
    const evidence = draw(seed);
    const { gradient, activations } = evidence;
    const found = attributeChange(evidence);
    for (let w = 0; w < words - 1; w++) {
      const total = meanOver(evidence, w, (r) => {
        const g = row(gradient, r);
        return dot(g, row(activations.tuned, r)) - dot(g, row(activations.base, r));
      });
      expectClose(found.total[w] as number, total, 1e-12);
      const byFeature = row(found.contributions, w).reduce((sum, value) => sum + value, 0);
      expect(Math.abs(byFeature + (found.error[w] as number) - total)).toBeLessThan(1e-5);
    }
  });

  test('gives the error what the decoder does not make of the change', () => {
    const evidence = draw(4);
    const { gradient, activations, features, wDec } = evidence;
    const decoded = (z: typeof features.tuned, r: number, i: number): number =>
      row(z, r).reduce((sum, value, f) => sum + value * (row(wDec, f)[i] as number), 0);
    const found = attributeChange(evidence);
    for (let w = 0; w < words - 1; w++) {
      const error = meanOver(evidence, w, (r) =>
        row(gradient, r).reduce((sum, g, i) => {
          const of = (role: 'tuned' | 'base') =>
            (row(activations[role], r)[i] as number) - decoded(features[role], r, i);
          return sum + g * (of('tuned') - of('base'));
        }, 0),
      );
      expect(Math.abs((found.error[w] as number) - error)).toBeLessThan(1e-9);
    }
  });

  test('names the one feature that was changed', () => {
    const evidence = draw(5);
    const { features, wDec, gradient } = evidence;
    const base = matrix(positions, dSae, features.tuned.data.slice());
    for (let r = 0; r < positions; r++) base.data[r * dSae + 3] = 0;
    const moved = attributeChange({ ...evidence, features: { tuned: features.tuned, base } });
    for (let w = 0; w < words - 1; w++) {
      const wanted = meanOver(
        evidence,
        w,
        (r) => (features.tuned.data[r * dSae + 3] as number) * dot(row(wDec, 3), row(gradient, r)),
      );
      row(moved.contributions, w).forEach((value, f) =>
        expect(Math.abs(value - (f === 3 ? wanted : 0))).toBeLessThan(1e-6),
      );
    }
  });

  test('says nothing of words without positions', () => {
    const { contributions, total, error, n } = attributeChange(draw(6));
    expect([total[4], error[4], n[4]]).toEqual([0, 0, 0]);
    expect(row(contributions, 4).every((value) => value === 0)).toBe(true);
  });

  test('refuses matrices that do not fit together', () => {
    const evidence = draw(7);
    const wrong: Partial<ChangeEvidence>[] = [
      { word: new Int32Array(3) },
      { wDec: matrix(dSae, width + 1) },
      { features: { ...evidence.features, base: matrix(positions, dSae - 1) } },
      { activations: { ...evidence.activations, tuned: matrix(positions - 1, width) } },
    ];
    for (const part of wrong) {
      expect(() => attributeChange({ ...evidence, ...part })).toThrow(hasCode('shape-mismatch'));
    }
  });
});
