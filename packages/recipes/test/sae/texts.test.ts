import { describe, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import { drawTexts, holdOut, textsFingerprint } from '../../src/sae/texts.ts';

const row = (...ids: number[]): Int32Array => Int32Array.from(ids);

describe('holdOut', () => {
  test('keeps the last tenth, one text at least, from training', () => {
    const rows = Array.from({ length: 25 }, (_, i) => row(i, i));
    const { train, heldOut } = holdOut({ rows, name: 'a.txt' });
    expect([train.length, heldOut.length]).toEqual([22, 3]);
    expect([...train, ...heldOut]).toEqual(rows);
    expect(holdOut({ rows: rows.slice(0, 2), name: 'a.txt' }).heldOut).toEqual([row(1, 1)]);
  });

  test.each([
    [0, /a\.txt has no texts, and some/],
    [1, /a\.txt has only one text, and some/],
  ])('refuses %i texts', (length, says) => {
    const rows = Array.from({ length }, () => row(1, 2));
    expect(() => holdOut({ rows, name: 'a.txt' })).toThrow(says);
  });
});

describe('drawTexts', () => {
  const rows = Array.from({ length: 30 }, (_, i) => row(0, i + 1, i + 1, i + 1));
  const draw = (tokens: number, seed = 3) =>
    drawTexts(rows, tokens, new Set([0]), createRandom(seed));

  test('draws whole texts until they hold the tokens, special ones not counted, in their order', () => {
    const drawn = draw(10);
    expect(drawn).toHaveLength(4);
    expect(drawn).toEqual(rows.filter((one) => drawn.includes(one)));
    expect(draw(9)).toHaveLength(3);
    expect(draw(10, 4)).not.toEqual(drawn);
  });

  test('takes all where they hold fewer', () => {
    expect(draw(1000)).toEqual(rows);
  });
});

test('texts are told apart by their tokens and by where they end', () => {
  const fingerprints = [
    [row(1, 2), row(3)],
    [row(1), row(2, 3)],
    [row(1, 2, 3)],
    [row(1, 2), row(4)],
  ].map(textsFingerprint);
  expect(new Set(fingerprints).size).toBe(4);
  expect(textsFingerprint([[1, 2], [3]])).toBe(fingerprints[0]);
});
