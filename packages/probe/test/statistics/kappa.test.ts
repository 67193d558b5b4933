import { describe, expect, test } from '@jest/globals';
import { agreedAnnotations, cohenKappa, fleissKappa } from '../../src/index.ts';
import { hasCode, readGolden } from '../golden.ts';

interface Case {
  readonly first: readonly number[];
  readonly second: readonly number[];
  readonly kappa: number;
}

// tools/golden/kappa.py
const { cases, several } = readGolden<{
  readonly cases: readonly Case[];
  readonly several: readonly { readonly annotations: number[][]; readonly kappa: number }[];
}>('kappa.json');

describe("Cohen's kappa", () => {
  test.each(cases)('is that of scikit-learn', ({ first, second, kappa }) => {
    expect(cohenKappa(first, second)).toEqual({
      kappa: expect.closeTo(kappa, 12),
      n: first.length,
    });
    expect(cohenKappa(second, first).kappa).toBeCloseTo(kappa, 12);
  });

  test('leaves out what either annotator left out', () => {
    expect(cohenKappa([0, 1, NaN, 1], [0, 1, 1, NaN])).toEqual({ kappa: 1, n: 2 });
  });

  test('is not a number where nothing could differ', () => {
    expect(cohenKappa([1, 1], [1, 1])).toEqual({ kappa: NaN, n: 2 });
    expect(cohenKappa([], [])).toEqual({ kappa: NaN, n: 0 });
  });

  test('needs two annotations of the same items', () => {
    expect(() => cohenKappa([1], [1, 0])).toThrow(hasCode('shape-mismatch'));
  });
});

describe("Fleiss' kappa", () => {
  test.each(several)('is that of statsmodels', ({ annotations, kappa }) => {
    expect(fleissKappa(annotations)).toEqual({
      kappa: expect.closeTo(kappa, 12),
      n: annotations[0]?.length,
    });
    const gaps = annotations.map((one, i) => (i === 0 ? [NaN, ...one] : [1, ...one]));
    expect(fleissKappa(gaps).kappa).toBeCloseTo(kappa, 12);
  });

  test('is not a number where nothing could differ, and needs annotations of the same items', () => {
    expect(fleissKappa([[1], [1], [1]])).toEqual({ kappa: NaN, n: 1 });
    expect(() => fleissKappa([[1, 0]])).toThrow(hasCode('shape-mismatch'));
    expect(() => fleissKappa([[1], [1, 0]])).toThrow(hasCode('shape-mismatch'));
  });
});

test('annotations are kept above a kappa of 0.6, or of another', () => {
  const first = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1];
  const second = [0, 0, 0, 1, 1, 0, 1, 1, 1, 1]; // 0.4
  const annotations = [
    { name: 'same', first, second: first },
    { name: 'near', first, second },
    { name: 'none', first, second: first.map(() => NaN) },
  ];
  expect(agreedAnnotations(annotations).map(({ kept }) => kept)).toEqual([true, false, false]);
  const kept = agreedAnnotations(annotations, { least: 0.3 });
  expect(kept.map(({ name, kept: isKept }) => [name, isKept])).toEqual([
    ['same', true],
    ['near', true],
    ['none', false],
  ]);
});
