import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fromHalf, toBfloat16, toHalf } from '../../src/index.ts';

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

describe('the bfloat16 nearest to a number', () => {
  const value = (bits: number): number =>
    new Float32Array(Uint32Array.of(bits << 16).buffer)[0] as number;

  test('is the number itself where it has one, and the nearest, even in a tie, elsewhere', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0x7f7e }), fc.boolean(), (bits, negative) => {
        const sign = negative ? 0x8000 : 0;
        const [low, high] = [value(bits), value(bits + 1)];
        const middle = (low + high) / 2;
        const even = bits % 2 === 0 ? bits : bits + 1;
        const nearer = low + (high - low) * 0.75;
        const found = [low, middle, nearer].map((x) => toBfloat16(negative ? -x : x));
        expect(found).toEqual([bits, even, bits + 1].map((b) => sign | b));
      }),
      { seed: 6, numRuns: 2000 },
    );
  });

  test('is infinity and NaN where the number is', () => {
    expect([Infinity, -Infinity].map((x) => value(toBfloat16(x)))).toEqual([Infinity, -Infinity]);
    expect(value(toBfloat16(NaN))).toBeNaN();
  });
});
