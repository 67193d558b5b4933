import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { benjaminiHochberg } from '../../src/statistics/benjamini-hochberg.ts';
import { fisherExact } from '../../src/statistics/fisher-exact.ts';
import type { ContingencyTable } from '../../src/statistics/fisher-exact.ts';
import { incompleteBeta, logGamma } from '../../src/statistics/incomplete-beta.ts';
import { normalCdf, normalQuantile } from '../../src/statistics/normal.ts';
import { expectAllClose, expectClose, expectRelative, hasCode, readGolden } from '../golden.ts';

interface Golden {
  readonly fisherExact: {
    readonly table: ContingencyTable;
    readonly oddsRatio: number | null;
    readonly p: number;
    readonly pGreater: number;
  }[];
  readonly benjaminiHochberg: { readonly p: number[]; readonly q: number[] }[];
  readonly normal: {
    readonly x: number[];
    readonly cdf: number[];
    readonly p: number[];
    readonly quantile: number[];
  };
}

const golden = readGolden<Golden>('statistics.json');

describe('the normal distribution', () => {
  test("has SciPy's distribution function, also far out in the lower tail", () => {
    golden.normal.x.forEach((x, i) => {
      expectRelative(normalCdf(x), golden.normal.cdf[i] as number, 1e-12);
    });
  });

  test("has SciPy's quantiles", () => {
    golden.normal.p.forEach((p, i) => {
      expectClose(normalQuantile(p), golden.normal.quantile[i] as number, 1e-13);
    });
  });

  test('has quantiles that invert its distribution function', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-200, max: 0.999, noNaN: true }), (p) => {
        expectRelative(normalCdf(normalQuantile(p)), p, 1e-11);
      }),
    );
  });

  test('reaches its limits', () => {
    expect(normalCdf(-Infinity)).toBe(0);
    expect(normalCdf(Infinity)).toBe(1);
    expect(normalQuantile(0)).toBe(-Infinity);
    expect(normalQuantile(1)).toBe(Infinity);
  });

  test('refuses NaN and what is no probability', () => {
    expect(() => normalCdf(NaN)).toThrow(hasCode('numbers-invalid'));
    for (const p of [-0.1, 1.1, NaN]) {
      expect(() => normalQuantile(p)).toThrow(hasCode('numbers-invalid'));
    }
  });
});

test('the gamma function has its factorials and its value at one half', () => {
  expectClose(logGamma(11), Math.log(3628800), 1e-14);
  expectClose(logGamma(0.5), Math.log(Math.PI) / 2, 1e-14);
  expectClose(logGamma(0.25), Math.log(3.625609908221908), 1e-13);
});

test('the incomplete beta function has its closed forms', () => {
  for (const x of [0, 0.01, 0.3, 0.5, 0.9, 1]) {
    expectClose(incompleteBeta(1, 1, x), x, 1e-14);
    expectClose(incompleteBeta(2, 3, x), x * x * (6 - 8 * x + 3 * x * x), 1e-14);
  }
});

describe("Fisher's exact test", () => {
  test.each(golden.fisherExact)("of $table is SciPy's", ({ table, oddsRatio, p, pGreater }) => {
    const found = fisherExact(table);
    if (oddsRatio === null) expect(found.oddsRatio).toBeNull();
    else expectRelative(found.oddsRatio as number, oddsRatio, 1e-14);
    expectRelative(found.p, p, 1e-9);
    expectRelative(found.pGreater, pGreater, 1e-9);
  });

  test('is the same for the transposed table and for rows and columns both swapped', () => {
    const count = fc.integer({ min: 0, max: 200 });
    fc.assert(
      fc.property(count, count, count, count, (a, b, c, d) => {
        const one = fisherExact([
          [a, b],
          [c, d],
        ]);
        const others: ContingencyTable[] = [
          [
            [a, c],
            [b, d],
          ],
          [
            [d, c],
            [b, a],
          ],
        ];
        for (const other of others.map(fisherExact)) {
          expectClose(other.p, one.p, 1e-11);
          expectClose(other.pGreater, one.pGreater, 1e-11);
        }
        expect(one.p).toBeGreaterThan(0);
        expect(one.p).toBeLessThanOrEqual(1);
        expect(one.pGreater).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('refuses counts that are not whole or negative', () => {
    for (const count of [-1, 0.5, NaN]) {
      expect(() =>
        fisherExact([
          [count, 1],
          [1, 1],
        ]),
      ).toThrow(hasCode('numbers-invalid'));
    }
  });
});

describe('the Benjamini-Hochberg adjustment', () => {
  test.each(golden.benjaminiHochberg)("of $p is SciPy's", ({ p, q }) => {
    expectAllClose(benjaminiHochberg(p), q, 1e-14);
  });

  test('never lowers a p-value, keeps their order and stays at most 1', () => {
    const list = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 50 });
    fc.assert(
      fc.property(list, (p) => {
        const q = benjaminiHochberg(p);
        p.forEach((value, i) => {
          expect(q[i]).toBeGreaterThanOrEqual(value * (1 - 1e-15));
          expect(q[i]).toBeLessThanOrEqual(1);
          p.forEach((other, j) => {
            if (value <= other) expect(q[i]).toBeLessThanOrEqual(q[j] as number);
          });
        });
      }),
    );
  });

  test('refuses what is no probability', () => {
    expect(() => benjaminiHochberg([0.1, NaN])).toThrow(hasCode('numbers-invalid'));
    expect(() => benjaminiHochberg([1.5])).toThrow(hasCode('numbers-invalid'));
  });
});
