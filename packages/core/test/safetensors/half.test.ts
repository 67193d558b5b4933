import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fromHalf, toHalf } from '../../src/index.ts';

const isNaNHalf = (bits: number): boolean => (bits & 0x7c00) === 0x7c00 && (bits & 0x3ff) !== 0;
const all = Array.from({ length: 0x10000 }, (_, bits) => bits).filter((bits) => !isNaNHalf(bits));
/** Finite and not negative, in order; then what infinity would be if halves went on. */
const ladder = [...all.filter((bits) => bits < 0x7c00).map(fromHalf), 65_536];

describe('the half nearest to a number', () => {
  test('is the number itself for every half', () => {
    expect(all.map((bits) => toHalf(fromHalf(bits)))).toEqual(all);
  });

  test('is the even one halfway between two, and the nearer one beside that', () => {
    const wrong: number[] = [];
    for (let bits = 0; bits + 1 < ladder.length; bits++) {
      // The middle of two halves has 12 bits at most: exact in f32.
      const middle = ((ladder[bits] as number) + (ladder[bits + 1] as number)) / 2;
      const even = bits % 2 === 0 ? bits : bits + 1;
      const found = [1, 1 - 2 ** -20, 1 + 2 ** -20].map((factor) => toHalf(factor * middle));
      if (`${found}` !== `${[even, bits, bits + 1]}`) wrong.push(bits);
    }
    expect(wrong).toEqual([]);
  });

  test('is as near as any half, with the sign kept', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, min: -65_000, max: 65_000 }), (value) => {
        const bits = toHalf(value);
        const magnitude = bits & 0x7fff;
        const distance = Math.abs(Math.abs(value) - fromHalf(magnitude));
        expect(bits >> 15).toBe(Object.is(Math.sign(value), -0) || value < 0 ? 1 : 0);
        for (const other of [magnitude - 1, magnitude + 1]) {
          const there = ladder[other] ?? Infinity;
          expect(distance).toBeLessThanOrEqual(Math.abs(Math.abs(value) - there));
        }
      }),
      { seed: 5, numRuns: 2000 },
    );
  });

  test('is infinity where numbers are too large, and NaN stays NaN', () => {
    expect([65_519, 65_520, -1e30, Infinity].map((x) => fromHalf(toHalf(x)))).toEqual([
      65_504,
      Infinity,
      -Infinity,
      Infinity,
    ]);
    expect(fromHalf(toHalf(NaN))).toBeNaN();
  });
});
