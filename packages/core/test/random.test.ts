import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRandom, hash32 } from '../src/index.ts';

const MASK = 0xffff_ffffn;

/** xoshiro128** 1.1 written in BigInt from Blackman and Vigna's C code, as an oracle. */
function xoshiro(state: readonly bigint[]): () => number {
  const s = [...state] as [bigint, bigint, bigint, bigint];
  const rotl = (x: bigint, k: bigint): bigint => ((x << k) | (x >> (32n - k))) & MASK;
  return () => {
    const result = (rotl((s[1] * 5n) & MASK, 7n) * 9n) & MASK;
    const t = (s[1] << 9n) & MASK;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 11n);
    return Number(result);
  };
}

/** Four outputs of a Weyl sequence through MurmurHash3's finaliser: the seeding. */
function seeded(seed: number): bigint[] {
  return [1n, 2n, 3n, 4n].map((i) => {
    let z = (BigInt(seed) + i * 0x9e3779b9n) & MASK;
    z = ((z ^ (z >> 16n)) * 0x85ebca6bn) & MASK;
    z = ((z ^ (z >> 13n)) * 0xc2b2ae35n) & MASK;
    return z ^ (z >> 16n);
  });
}

describe('createRandom', () => {
  test('is compared with an oracle that gives the published numbers of state 1, 2, 3, 4', () => {
    const next = xoshiro([1n, 2n, 3n, 4n]);
    expect(Array.from({ length: 10 }, next)).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597,
      4258142804,
    ]);
  });

  test.each([0, 1, 42, 2 ** 31, 2 ** 32 - 1])('draws xoshiro128** from seed %d', (seed) => {
    const random = createRandom(seed);
    const oracle = xoshiro(seeded(seed));
    for (let i = 0; i < 200; i++) expect(random.next()).toBe(oracle() / 2 ** 32);
  });

  test('draws integers below their limit, each about equally often', () => {
    const random = createRandom(5);
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 7000; i++) {
      const drawn = random.integer(7);
      counts[drawn] = (counts[drawn] as number) + 1;
    }
    // Chi square of 6 degrees of freedom: 22.5 is passed once in a thousand.
    expect(counts.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)).toBeLessThan(22.5);
  });

  test('draws normal numbers with the moments of the standard normal', () => {
    const random = createRandom(11);
    const numbers = Array.from({ length: 40_000 }, () => random.normal());
    // Of x, x^2, x^3 and x^4: the mean, and the variance from which four standard errors follow.
    for (const [power, expected, variance] of [
      [1, 0, 1],
      [2, 1, 2],
      [3, 0, 15],
      [4, 3, 96],
    ] as const) {
      const mean = numbers.reduce((sum, x) => sum + x ** power, 0) / numbers.length;
      expect(Math.abs(mean - expected)).toBeLessThan(4 * Math.sqrt(variance / numbers.length));
    }
  });

  test('forks by seed and label alone, whatever was drawn before', () => {
    const fresh = createRandom(9);
    const used = createRandom(9);
    for (let i = 0; i < 13; i++) used.normal();
    expect(used.fork('a').next()).toBe(fresh.fork('a').next());
    expect(fresh.next()).toBe(createRandom(9).next());
  });

  test('gives forks of other labels and seeds streams that do not correlate', () => {
    const draws = (r: { next(): number }) => Array.from({ length: 4000 }, () => r.next() - 0.5);
    const root = createRandom(9);
    const streams = [
      root,
      root.fork('a'),
      root.fork('b'),
      root.fork('a').fork('a'),
      createRandom(10).fork('a'),
    ].map(draws);
    streams.forEach((x, i) =>
      streams.slice(i + 1).forEach((y) => {
        const r = x.reduce((sum, v, t) => sum + v * (y[t] as number), 0) / (x.length / 12);
        expect(Math.abs(r)).toBeLessThan(4 / Math.sqrt(4000));
      }),
    );
  });

  test('never gives two seeds one stream because a label makes up for the difference', () => {
    const first = new Set<number>();
    for (let seed = 0; seed < 64; seed++) {
      for (const label of 'abcdefgh') first.add(createRandom(seed).fork(label).next());
    }
    expect(first.size).toBe(64 * 8);
  });

  test('shuffles into a permutation, in place, the same for the same seed', () => {
    fc.assert(
      fc.property(fc.uint32Array({ maxLength: 60 }), fc.nat(), (items, seed) => {
        const copy = items.slice();
        expect(createRandom(seed).shuffle(copy)).toBe(copy);
        expect(copy.slice().sort()).toEqual(items.slice().sort());
        expect(createRandom(seed).shuffle(items.slice())).toEqual(copy);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test('shuffles three items into all six orders about equally often', () => {
    const random = createRandom(2);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = random.shuffle(['a', 'b', 'c']).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});

test('hash32 tells words and seeds apart and fits 32 bits', () => {
  const words = Array.from({ length: 2000 }, (_, i) => `prompt ${i}`);
  const hashes = [...words.map((w) => hash32(w)), ...words.map((w) => hash32(w, 1))];
  expect(new Set(hashes).size).toBe(4000);
  for (const h of hashes) expect(h).toBe(h >>> 0);
});
