import { describe, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import { wordWindows } from '../../../src/audit/features/word-windows.ts';

const row = (length: number, at: Readonly<Record<number, number>> = {}): Int32Array =>
  Int32Array.from({ length }, (_, i) => at[i] ?? 100 + i);

const windowsOf = (rows: readonly Int32Array[], perWord = 8, specialIds = new Set<number>()) =>
  wordWindows({ rows, ids: [7, 8], specialIds, perWord, random: createRandom(1) });

describe('windows of words', () => {
  test('end with the word and hold at most 32 tokens before it', () => {
    const text = row(80, { 3: 7, 60: 7 });
    const windows = windowsOf([text]);
    expect(windows.map(({ word, text: t, position }) => [word, t, position])).toEqual([
      [0, 0, 3],
      [0, 0, 60],
    ]);
    expect(windows[0]?.tokens).toEqual([100, 101, 102, 7]);
    expect(windows[1]?.tokens).toEqual(Array.from(text.slice(28, 61)));
  });

  test('leave a word out that begins its text, which nothing predicts', () => {
    expect(windowsOf([row(5, { 0: 7 }), row(5, { 0: 8, 2: 8 })])).toMatchObject([
      { word: 1, text: 1, position: 2 },
    ]);
  });

  test('keep the token that begins the text where it is special', () => {
    const text = row(80, { 0: 1, 60: 7 });
    expect(windowsOf([text], 8, new Set([1]))[0]?.tokens.slice(0, 2)).toEqual([1, 128]);
    expect(windowsOf([row(80, { 60: 7 })], 8, new Set([1]))[0]?.tokens[0]).toBe(128);
    expect(windowsOf([row(80, { 0: 1, 9: 7 })], 8, new Set([1]))[0]?.tokens.length).toBe(10);
  });

  test('are drawn from all occurrences, as many as are wanted, the same for a seed', () => {
    const rows = Array.from({ length: 100 }, () => row(10, { 4: 7 }));
    const windows = windowsOf(rows, 8);
    expect(windows.length).toBe(8);
    expect(Math.max(...windows.map(({ text }) => text))).toBeGreaterThan(50);
    expect(windows.map(({ text }) => text)).toEqual(
      windows.map(({ text }) => text).sort((a, b) => a - b),
    );
    expect(windowsOf(rows, 8)).toEqual(windows);
  });
});
