import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { batchesOf } from '../../../src/audit/capture/batches.ts';

const rowsOf = (lengths: readonly number[]): Int32Array[] =>
  lengths.map((length) => new Int32Array(length));

describe('batchesOf', () => {
  test('covers all rows once, in order, in padded rectangles within the limits or of one row', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 600 }), { maxLength: 60 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 1 << 25 }), (given, vocabulary) => {
        const most = Math.max(1, Math.min(4096, Math.floor(2 ** 24 / vocabulary)));
        let next = 0;
        for (const { start, end } of batchesOf(rowsOf(given), vocabulary)) {
          expect(start).toBe(next);
          expect(end).toBeGreaterThan(start);
          const longest = Math.max(...given.slice(start, end));
          if (end - start > 1) expect(longest * (end - start)).toBeLessThanOrEqual(most);
          next = end;
        }
        expect(next).toBe(given.length);
      }),
      { numRuns: 200, seed: 3 },
    );
  });

  test('fills batches', () => {
    const batches = [...batchesOf(rowsOf(Array<number>(100).fill(128)), 1000)];
    expect(batches.slice(0, -1).map(({ start, end }) => end - start)).toEqual([32, 32, 32]);
  });
});
