import { expect, test } from '@jest/globals';
import type { Value } from '@feedprint/graph';
import { NOWHERE } from '../../src/architectures/positions.ts';
import { createKvCache } from '../../src/model/kv-cache.ts';
import { packRows } from '../../src/model/token-batch.ts';

const info = {
  architecture: 'any',
  layers: 1,
  width: 4,
  vocabularySize: 100,
  contextLength: 1000,
};
const [HEADS, SIZE] = [2, 3];

/** The key of a token at a position of a head: four numbers that tell it from all others. */
const keyOf = (token: number, position: number, head: number): number[] =>
  Array.from({ length: SIZE }, (_, i) => 1000 * token + 10 * position + 3 * head + i / 10);

/** What a pass over rows that begin at `starts` would give, padding filled with NaN. */
function keysOf(rows: readonly number[][], starts: readonly number[]): Value {
  const length = Math.max(...rows.map((row) => row.length));
  const data = rows.flatMap((row, r) =>
    Array.from({ length: HEADS }, (_, h) =>
      Array.from({ length }, (_, t) =>
        t < row.length
          ? keyOf(row[t] as number, (starts[r] as number) + t, h)
          : new Array<number>(SIZE).fill(NaN),
      ),
    ).flat(2),
  );
  return { data: Float32Array.from(data), shape: [rows.length, HEADS, 1, length, SIZE] };
}

test('keeps every key where its position stands, whatever rows grow, are dropped and however often it grows', () => {
  let texts = [[1, 2, 3], [4], [5, 6]];
  const cache = createKvCache(3);
  const append = (rows: number[][], starts: readonly number[]): void =>
    cache.append(packRows(rows, info, starts), {
      'key:0': keysOf(rows, starts),
      logits: keysOf(rows, starts),
    });
  append(texts, [0, 0, 0]);
  for (let step = 0; step < 150; step++) {
    if (step === 40) {
      cache.keep([0, 2]);
      texts = [texts[0] as number[], texts[2] as number[]];
    }
    const starts = [...cache.lengths];
    expect(starts).toEqual(texts.map((text) => text.length));
    const added = texts.map((_, r) => [(7 * step + r) % 100]);
    append(added, starts);
    texts = texts.map((text, r) => [...text, ...(added[r] as number[])]);
  }
  const { 'past-key:0': keys, pastPositions, ...rest } = cache.feeds();
  expect(Object.keys(rest)).toEqual([]);
  const capacity = keys?.shape[3] as number;
  expect(keys?.shape).toEqual([2, HEADS, 1, capacity, SIZE]);
  expect(capacity).toBeLessThan(153 + 64);
  texts.forEach((text, r) => {
    const positions = Array.from({ length: capacity }, (_, p) => (p < text.length ? p : NOWHERE));
    expect(
      Array.from((pastPositions?.data as Int32Array).subarray(r * capacity, (r + 1) * capacity)),
    ).toEqual(positions);
    for (let h = 0; h < HEADS; h++) {
      const at = (r * HEADS + h) * capacity * SIZE;
      const kept = (keys?.data as Float32Array).subarray(at, at + text.length * SIZE);
      expect(kept).toEqual(Float32Array.from(text.flatMap((token, p) => keyOf(token, p, h))));
    }
  });
});
