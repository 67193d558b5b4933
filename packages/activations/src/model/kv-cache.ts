import type { Value } from '@feedprint/graph';
import { NOWHERE } from '../architectures/positions.ts';
import type { TokenBatch } from './token-batch.ts';

/** Places that a cache grows by: unused ones cost computation, and each growth copies everything. */
const GROWTH = 64;

/** Keys and values of all layers for growing rows, as passes read and return them. */
export interface KvCache {
  /** Tokens of each open row. */
  readonly lengths: readonly number[];
  /** What a pass is fed. */
  feeds(): Record<string, Value>;
  /** Stores the new keys and values of a pass over a batch of these rows. */
  append(batch: TokenBatch, values: Readonly<Record<string, Value>>): void;
  /** Keeps only these rows. */
  keep(rows: readonly number[]): void;
}

/** One layer's keys or values, `[rows, heads, 1, capacity, headSize]`. */
interface Store {
  readonly heads: number;
  readonly headSize: number;
  data: Float32Array;
}

export function createKvCache(rows: number): KvCache {
  const stores = new Map<string, Store>();
  let lengths = new Array<number>(rows).fill(0);
  let capacity = 0;

  /** Copies the rows `chosen` into stores of another capacity. */
  const rebuild = (chosen: readonly number[], wider: number): void => {
    for (const store of stores.values()) {
      const { heads, headSize, data } = store;
      const next = new Float32Array(chosen.length * heads * wider * headSize);
      chosen.forEach((row, r) => {
        const used = (lengths[row] as number) * headSize;
        for (let h = 0; h < heads; h++) {
          const from = (row * heads + h) * capacity * headSize;
          next.set(data.subarray(from, from + used), (r * heads + h) * wider * headSize);
        }
      });
      store.data = next;
    }
    lengths = chosen.map((row) => lengths[row] as number);
    capacity = wider;
  };

  /** Appends new keys or values `[rows, heads, 1, length, headSize]` to the existing ones. */
  const put = (name: string, { data, shape }: Value, added: readonly number[]): void => {
    const [, heads = 0, , length = 0, headSize = 0] = shape;
    const store = stores.get(name) ?? {
      heads,
      headSize,
      data: new Float32Array(lengths.length * heads * capacity * headSize),
    };
    stores.set(name, store);
    added.forEach((count, row) => {
      for (let h = 0; h < heads; h++) {
        const from = (row * heads + h) * length * headSize;
        const to = ((row * heads + h) * capacity + (lengths[row] as number)) * headSize;
        store.data.set((data as Float32Array).subarray(from, from + count * headSize), to);
      }
    });
  };

  return {
    get lengths() {
      return lengths;
    },
    feeds() {
      const positions = new Int32Array(lengths.length * capacity).fill(NOWHERE);
      lengths.forEach((length, row) => {
        for (let p = 0; p < length; p++) positions[row * capacity + p] = p;
      });
      const feeds: Record<string, Value> = {
        pastPositions: { data: positions, shape: [lengths.length, 1, 1, 1, capacity] },
      };
      for (const [name, { heads, headSize, data }] of stores) {
        feeds[`past-${name}`] = { data, shape: [lengths.length, heads, 1, capacity, headSize] };
      }
      return feeds;
    },
    append({ last }, values) {
      const added = Array.from(
        last,
        (end, row) => end - (row === 0 ? -1 : (last[row - 1] as number)),
      );
      const longest = lengths.reduce(
        (most, n, row) => Math.max(most, n + (added[row] as number)),
        0,
      );
      if (longest > capacity) {
        rebuild([...lengths.keys()], Math.ceil(longest / GROWTH) * GROWTH);
      }
      for (const [name, value] of Object.entries(values)) {
        if (/^(key|value):/.test(name)) put(name, value, added);
      }
      lengths = lengths.map((n, row) => n + (added[row] as number));
    },
    keep: (chosen) => rebuild(chosen, capacity),
  };
}
