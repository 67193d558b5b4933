/** A seeded stream of random numbers: xoshiro128** seeded by splitmix32, so equal seeds give equal texts everywhere. */
export interface Random {
  /** The next number, uniform in [0, 1). */
  next(): number;
}

/** Makes a generator from an unsigned 32-bit seed. */
export function createRandom(seed: number): Random {
  let mix = seed >>> 0;
  const splitmix = (): number => {
    mix = (mix + 0x9e3779b9) >>> 0;
    let z = mix;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
  let [a, b, c, d] = [splitmix(), splitmix(), splitmix(), splitmix()];
  const rotate = (x: number, by: number): number => ((x << by) | (x >>> (32 - by))) >>> 0;
  return {
    next() {
      const result = Math.imul(rotate(Math.imul(b, 5) >>> 0, 7), 9) >>> 0;
      const t = (b << 9) >>> 0;
      c = (c ^ a) >>> 0;
      d = (d ^ b) >>> 0;
      b = (b ^ c) >>> 0;
      a = (a ^ d) >>> 0;
      c = (c ^ t) >>> 0;
      d = rotate(d, 11);
      return result / 4294967296;
    },
  };
}

/** One element, all alike. */
export function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[Math.floor(random.next() * items.length)];
  if (item === undefined) throw new Error('pick: the list is empty');
  return item;
}

/** One element, earlier ones more often: weight 1 / (rank + 4)^0.9, Zipf's law with its head made flatter. */
export function pickZipf<T>(random: Random, items: readonly T[]): T {
  let total = 0;
  for (let rank = 0; rank < items.length; rank++) total += zipfWeight(rank);
  let rest = random.next() * total;
  for (let rank = 0; rank < items.length; rank++) {
    rest -= zipfWeight(rank);
    const item = items[rank];
    if (rest < 0 && item !== undefined) return item;
  }
  return pick(random, items);
}

function zipfWeight(rank: number): number {
  return 1 / (rank + 4) ** 0.9;
}

/** True with the given probability. */
export function chance(random: Random, probability: number): boolean {
  return random.next() < probability;
}
