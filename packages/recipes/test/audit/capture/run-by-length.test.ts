import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { matrix } from '@feedprint/core';
import type { LanguageModel } from '@feedprint/core';
import { runByLength, windowsOf } from '../../../src/audit/capture/run-by-length.ts';

/** A model that says of every token what it is and where it stands, and how much it was padded. */
function createMirror(vocabularySize: number) {
  const padded: number[] = [];
  const model = {
    info: { vocabularySize },
    run: async (rows: readonly ArrayLike<number>[]) => {
      const longest = Math.max(...rows.map(({ length }) => length));
      padded.push(longest * rows.length);
      const tokens = rows.flatMap((row) => Array.from(row));
      const places = rows.flatMap((row) => Array.from(row, (_, position) => position));
      const of = (columns: number) =>
        matrix(
          tokens.length,
          columns,
          Float32Array.from({ length: tokens.length * columns }, (_, i) => {
            const at = Math.floor(i / columns);
            return 1000 * (tokens[at] as number) + (places[at] as number) + (i % columns) / 10;
          }),
        );
      return {
        activations: new Map([['site', of(3)]]),
        tokenLogProbs: Float32Array.from(tokens, (token) => -token),
        logProbsOf: of(2),
      };
    },
  };
  return { model: model as unknown as LanguageModel, padded };
}

const texts = fc.array(fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 1, maxLength: 60 }), {
  minLength: 1,
  maxLength: 40,
});

describe('runByLength', () => {
  test('returns what a pass over the texts in their own order returns', async () => {
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 2, max: 1 << 20 }), async (rows, vocabulary) => {
        const { model } = createMirror(vocabulary);
        const request = { capture: ['site'], tokenLogProbs: true };
        expect(await runByLength(model, rows, request)).toEqual(await model.run(rows, request));
      }),
      { numRuns: 100, seed: 5 },
    );
  });

  test('computes nothing for padding where texts of two lengths take turns', async () => {
    // Batches of 64 positions.
    const { model, padded } = createMirror(1 << 18);
    const rows = Array.from({ length: 32 }, (_, i) => new Int32Array(i % 2 === 0 ? 2 : 30));
    await runByLength(model, rows, {});
    expect(padded.reduce((sum, size) => sum + size, 0)).toBe(16 * 2 + 16 * 30);
  });
});

test('windows cover all texts once, in order, and hold a few batches each', () => {
  const rows = Array.from({ length: 100 }, () => new Int32Array(16));
  const windows = windowsOf(rows, 1 << 18);
  expect(windows.map(({ start }) => start)).toEqual(
    [0, ...windows.map(({ end }) => end)].slice(0, -1),
  );
  expect(windows.at(-1)?.end).toBe(100);
  expect(windows[0]).toEqual({ start: 0, end: 16 });
});
