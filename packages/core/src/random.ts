/** A seeded source of random numbers (xoshiro128**, Blackman and Vigna 2018). Equal seeds give equal streams everywhere. */
export interface Random {
  /** Uniform in [0, 1), 32 bits. */
  next(): number;
  /** Uniform integer in [0, limit). */
  integer(limit: number): number;
  /** Standard normal (Box-Muller). */
  normal(): number;
  /** A new independent stream, determined by this seed and the label alone, not by what was drawn before. */
  fork(label: string): Random;
  /** Permutes an array in place (Fisher-Yates) and returns it. */
  shuffle<T extends { length: number; [index: number]: unknown }>(items: T): T;
}

/** Spreads every bit of a 32-bit number over all bits (MurmurHash3's finaliser); 0 stays 0. */
function avalanche(bits: number): number {
  let z = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}

/** 32-bit FNV-1a hash with a final avalanche, for deriving seeds from words. */
export function hash32(text: string, seed = 0): number {
  // The seed is spread first: unspread, it would cancel against the first letter, and (9, 'b') would equal (10, 'a').
  let h = 0x811c9dc5 ^ avalanche(seed);
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return avalanche(h);
}

/** A stream from the lowest 32 bits of a seed. */
export function createRandom(seed: number): Random {
  const origin = seed >>> 0;
  let mix = origin;
  const splitmix = (): number => {
    mix = (mix + 0x9e3779b9) >>> 0;
    return avalanche(mix);
  };
  let a = splitmix();
  let b = splitmix();
  let c = splitmix();
  let d = splitmix();
  const rotate = (x: number, k: number): number => (x << k) | (x >>> (32 - k));
  const bits = (): number => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotate(d, 11);
    return result;
  };
  let spare: number | undefined;
  const random: Random = {
    next: () => bits() / 0x1_0000_0000,
    integer: (limit) => Math.floor(random.next() * limit),
    normal: () => {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
      const angle = 2 * Math.PI * random.next();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
    fork: (label) => createRandom(hash32(label, origin)),
    shuffle: (items) => {
      for (let i = items.length - 1; i > 0; i--) {
        const j = random.integer(i + 1);
        const swap = items[i];
        (items as { [index: number]: unknown })[i] = items[j];
        (items as { [index: number]: unknown })[j] = swap;
      }
      return items;
    },
  };
  return random;
}
