import { batchTexts } from '@feedprint/core';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { batchByLength, divideTexts, paddingShare } from '../../src/capture/text-batches.ts';

const lengths = fc.array(fc.nat({ max: 12 }), { maxLength: 40 });
const limit = fc.integer({ min: 1, max: 60 });
/** Texts whose tokens tell where they are; every third token is a special one, below 0. */
const textsOf = (counts: readonly number[]): number[][] =>
  counts.map((count, t) =>
    Array.from({ length: count }, (_, p) => (p % 3 === 2 ? -1 : 100 * t + p)),
  );
const indices = (texts: readonly unknown[]): number[] => [...texts.keys()];
const isKept = (id: number): boolean => id >= 0;

describe('texts divided into batches', () => {
  test('run each text that has rows once, beside texts of its window, within the limits', () => {
    fc.assert(
      fc.property(lengths, limit, limit, (counts, batchPositions, windowPositions) => {
        const texts = textsOf(counts);
        const { windows } = divideTexts(texts, isKept, { batchPositions, windowPositions });
        const ran = windows.flatMap(({ batches }) => batches.flat());
        const expected = indices(texts).filter((t) => texts[t]?.some(isKept));
        expect([...ran].sort((a, b) => a - b)).toEqual(expected);
        // Windows follow each other: the last text of one is before the first of the next.
        const spans = windows.map(({ batches }) => batches.flat().sort((a, b) => a - b));
        expect(spans.flat()).toEqual(expected);
        for (const span of spans) {
          const positions = span.reduce((sum, t) => sum + (counts[t] as number), 0);
          if (span.length > 1) expect(positions).toBeLessThanOrEqual(windowPositions);
        }
        for (const batch of windows.flatMap(({ batches }) => batches)) {
          const longest = Math.max(...batch.map((t) => counts[t] as number));
          if (batch.length > 1) expect(longest * batch.length).toBeLessThanOrEqual(batchPositions);
        }
      }),
      { seed: 1 },
    );
  });

  test('have one row per kept token, in text order, and windows that hold them without a gap', () => {
    fc.assert(
      fc.property(lengths, limit, limit, (counts, batchPositions, windowPositions) => {
        const texts = textsOf(counts);
        const divided = divideTexts(texts, isKept, { batchPositions, windowPositions });
        const expected = texts.flatMap((tokens, t) =>
          tokens.flatMap((id, p) => (isKept(id) ? [[t, p, id]] : [])),
        );
        const { text, position, token, firstRow, windows } = divided;
        expect(Array.from(text, (t, r) => [t, position[r], token[r]])).toEqual(expected);
        texts.forEach((_, t) =>
          expect([...text.subarray(firstRow[t], firstRow[t + 1])].every((x) => x === t)).toBe(true),
        );
        expect(windows.map(({ start }) => start)).toEqual(
          [0, ...windows.map(({ end }) => end)].slice(0, windows.length),
        );
        expect(windows.at(-1)?.end ?? 0).toBe(expected.length);
      }),
      { seed: 2 },
    );
  });

  test('depend on no text outside of the window', () => {
    const texts = textsOf([5, 3, 9, 1, 4, 4, 8, 2]);
    const options = { batchPositions: 10, windowPositions: 18 };
    const [first] = divideTexts(texts, isKept, options).windows;
    const [alone] = divideTexts([...texts.slice(0, 4), [1, 2, 3, 4]], isKept, options).windows;
    expect(first?.batches).toEqual([[2], [0, 1], [3]]);
    expect(alone).toEqual(first);
  });

  test('are sorted stably, longest first', () => {
    const texts = textsOf([2, 4, 2, 4, 3]);
    expect(batchByLength(texts, indices(texts), 8)).toEqual([[1, 3], [4, 0], [2]]);
    expect(batchTexts(texts, 8)).toEqual([[0, 1], [2, 3], [4]]);
  });
});

describe('the share of padding', () => {
  test('is what the rectangles hold beside the tokens', () => {
    const texts = textsOf([2, 4, 2, 4, 3]);
    const byLength = batchByLength(texts, indices(texts), 8);
    const inOrder = batchTexts(texts, 8);
    // Rectangles of 8, 6 and 2, and of 8, 8 and 3, for 15 tokens.
    expect(paddingShare(texts, byLength)).toBeCloseTo(1 / 16, 12);
    expect(paddingShare(texts, inOrder)).toBeCloseTo(4 / 19, 12);
    expect(paddingShare([], [])).toBe(0);
  });

  test('is none where texts are run alone', () => {
    fc.assert(
      fc.property(lengths, (counts) => {
        const texts = textsOf(counts);
        expect(paddingShare(texts, batchByLength(texts, indices(texts), 1))).toBe(0);
      }),
      { seed: 3 },
    );
  });
});
