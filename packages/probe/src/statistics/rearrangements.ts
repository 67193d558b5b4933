/** All rearrangements of a kind. */
export interface Rearrangements {
  /** May be infinite if there are too many to count. */
  readonly count: number;
  /** Yields each once; the array is reused for the next one. */
  readonly each: () => Iterable<Int32Array>;
}

/** All choices of `k` of `n` items: each order starts with the chosen items and omits the rest. */
export function choices(n: number, k: number): Rearrangements {
  let count = 1;
  for (let i = 1; i <= k; i++) count = (count * (n - k + i)) / i;
  return {
    count: Math.round(count),
    *each() {
      const chosen = Int32Array.from({ length: k }, (_, i) => i);
      for (;;) {
        yield chosen;
        let last = k - 1;
        while (last >= 0 && chosen[last] === n - k + last) last--;
        if (last < 0) return;
        chosen[last] = (chosen[last] as number) + 1;
        for (let i = last + 1; i < k; i++) chosen[i] = (chosen[i - 1] as number) + 1;
      }
    },
  };
}

/** All ways to give each of `n` items the sign 1 or -1. */
export function signs(n: number): Rearrangements {
  return {
    count: 2 ** n,
    *each() {
      const turns = new Int32Array(n);
      for (let pattern = 0; pattern < 2 ** n; pattern++) {
        for (let i = 0; i < n; i++) turns[i] = Math.floor(pattern / 2 ** i) % 2 === 1 ? -1 : 1;
        yield turns;
      }
    },
  };
}

/** All orders of `n` items (Heap's algorithm). */
export function orders(n: number): Rearrangements {
  let count = 1;
  for (let i = 2; i <= n; i++) count *= i;
  return {
    count,
    *each() {
      const order = Int32Array.from({ length: n }, (_, i) => i);
      const depth = new Int32Array(n);
      yield order;
      for (let i = 1; i < n;) {
        const at = depth[i] as number;
        if (at >= i) {
          depth[i++] = 0;
          continue;
        }
        const other = i % 2 === 0 ? 0 : at;
        const held = order[other] as number;
        order[other] = order[i] as number;
        order[i] = held;
        depth[i] = at + 1;
        i = 1;
        yield order;
      }
    },
  };
}
