import { expect, test } from '@jest/globals';
import { textStream } from '../../src/finetune/text-stream.ts';

const special = new Set([0]);
const texts = [[0, 5, 6, 7], [8, 9], [0], [10, 11, 0, 12, 13]];
const take = (count: number, seed = 1, batchRows = 4): number[][][] => {
  const stream = textStream(texts, { special, batchRows, seed });
  return Array.from({ length: count }, () => stream.next().value.map((text) => Array.from(text)));
};
const rows = (text: readonly number[]): number[] => text.filter((id) => !special.has(id));

test('gives batches of exactly so many rows, of texts from their beginning', () => {
  for (const batch of take(20)) {
    expect(batch.flatMap(rows)).toHaveLength(4);
    for (const text of batch) {
      const whole = texts.find((known) => known.slice(0, text.length).join() === text.join());
      expect(whole).toBeDefined();
      expect(rows(text).length).toBeGreaterThan(0);
    }
  }
});

test('cuts only the last text of a batch, after a row', () => {
  for (const batch of take(20)) {
    for (const [i, text] of batch.entries()) {
      const isWhole = texts.some((known) => known.join() === text.join());
      if (!isWhole)
        expect([i, special.has(text.at(-1) as number)]).toEqual([batch.length - 1, false]);
    }
  }
});

test('takes every text once a pass, in another order each, and the same for one seed', () => {
  const firsts = take(30, 1, 1).map(([text]) => text?.[text.length - 1]);
  const passes = Array.from({ length: 10 }, (_, p) => firsts.slice(3 * p, 3 * p + 3));
  for (const pass of passes)
    expect([...pass].sort((a, b) => (a ?? 0) - (b ?? 0))).toEqual([5, 8, 10]);
  expect(new Set(passes.map(String)).size).toBeGreaterThan(1);
  expect(take(10)).toEqual(take(10));
  expect(take(10, 2)).not.toEqual(take(10));
});

test('refuses texts without a row', () => {
  const stream = textStream([[0], []], { special, batchRows: 4, seed: 1 });
  expect(() => stream.next()).toThrow(expect.objectContaining({ code: 'texts-invalid' }));
});
