import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Tokenizer } from '@feedprint/core';
import { createReplyEncoder } from '../src/encode-pair.ts';

const merged = ['ab', ' a'];

/** A token per character, but for "ab" and " a", which are one each. */
const tokenizer: Tokenizer = {
  vocabularySize: 256,
  specialIds: new Set(),
  encode: (text) =>
    (text.match(/ab| a|./gs) ?? []).map((piece) =>
      piece.length > 1 ? merged.indexOf(piece) : piece.charCodeAt(0),
    ),
  decode: () => '',
  tokenText: (id) => merged[id] ?? String.fromCharCode(id),
  fingerprint: 'pieces',
};

const encode = (prompt: string, chosen: string, rejected: string, contextLength = 10) => {
  const { encodePair } = createReplyEncoder({ tokenizer, contextLength });
  const pair = encodePair({ prompt, chosen, rejected }, 4);
  const text = ({ row, start }: { row: Int32Array; start: number }): string => {
    const pieces = Array.from(row, (id) => tokenizer.tokenText(id));
    return `${pieces.slice(0, start).join('')}|${pieces.slice(start).join('')}`;
  };
  return pair && [text(pair.chosen), text(pair.rejected), pair.truncated];
};

describe('a pair as tokens', () => {
  test('is the prompt with either reply, and where the reply begins', () => {
    expect(encode('xy', 'cd', 'e')).toEqual(['xy|cd', 'xy|e', false]);
  });

  test('gives a token across the border to the reply', () => {
    expect(encode('xa', 'bc', 'bd')).toEqual(['x|abc', 'x|abd', false]);
  });

  test('begins both replies where a token runs across the border of one', () => {
    expect(encode('xa', 'bc', 'dd')).toEqual(['x|abc', 'x|add', false]);
    expect(encode('xa', 'dd', 'bc')).toEqual(['x|add', 'x|abc', false]);
  });

  test('gives white space at the end of the prompt to both replies', () => {
    expect(encode('xy \n', 'c', 'd')).toEqual(['xy| \nc', 'xy| \nd', false]);
  });

  const text = (minLength: number) =>
    fc.string({ unit: fc.constantFrom('a', 'b', 'x', ' ', '\n'), minLength, maxLength: 9 });

  test('is the same wherever a file has the white space between prompt and replies', () => {
    fc.assert(
      fc.property(
        text(0),
        text(1),
        text(1),
        fc.integer({ min: 2, max: 24 }),
        (prompt, a, b, length) => {
          for (const space of [' ', '  ', '\n', ' \n']) {
            const before = encode(prompt + space, a, b, length);
            expect(encode(prompt, space + a, space + b, length)).toEqual(before);
          }
        },
      ),
      { seed: 1, numRuns: 500 },
    );
  });

  test('has a margin that is the difference of the whole texts, whatever merges at the border', () => {
    /** A log-probability of a row's last token that depends on all of it. */
    const logProb = (ids: ArrayLike<number>): number =>
      Math.sin(Array.from(ids).reduce((hash, id) => (hash * 31 + id) % 9973, 7));
    const sum = (row: ArrayLike<number>, start: number): number =>
      Array.from(row)
        .map((_, i) => (i < start ? 0 : logProb(Array.from(row).slice(0, i + 1))))
        .reduce((total, value) => total + value, 0);
    fc.assert(
      fc.property(text(1), text(1), text(1), (prompt, a, b) => {
        const { encodePair } = createReplyEncoder({ tokenizer, contextLength: 100 });
        const pair = encodePair({ prompt: `x${prompt}`, chosen: a, rejected: b }, 0);
        if (!pair) return;
        const { chosen, rejected } = pair;
        const whole = (reply: string) => sum(tokenizer.encode(`x${prompt}${reply}`, {}), 1);
        const margin = sum(chosen.row, chosen.start) - sum(rejected.row, rejected.start);
        expect(margin).toBeCloseTo(whole(a) - whole(b), 9);
        expect(chosen.start).toBe(rejected.start);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test('without a prompt has the first token of each reply for one', () => {
    expect(encode('', 'cd', 'ef')).toEqual(['c|d', 'e|f', false]);
    expect(encode('', 'c', 'ef')).toBeUndefined();
  });

  test('too long for the context loses the beginning of the prompt, the same for both replies', () => {
    expect(encode('0123456789', 'uvw', 'z')).toEqual(['3456789|uvw', '3456789|z', true]);
  });

  test('loses the end of a reply only after all of the prompt but a token', () => {
    expect(encode('0123456789', 'uvwxyz', 'z')).toEqual(['6789|uvwxyz', '6789|z', true]);
    expect(encode('0123456789', 'uvwxyzuvwxyz', 'z')).toEqual(['9|uvwxyzuvw', '9|z', true]);
    expect(encode('01', 'uvwxyzuvwxyz', 'z')).toEqual(['1|uvwxyzuvw', '1|z', true]);
    expect(encode('', 'uvwxyzuvwxyz', 'zz')).toEqual(['u|vwxyzuvwx', 'z|z', true]);
  });

  test('ends each reply with the end token, once, unless its end is lost', () => {
    const endToken = '.'.charCodeAt(0);
    const ended = (chosen: string, contextLength: number): string[] => {
      const encoder = createReplyEncoder({ tokenizer, contextLength, endToken });
      const pair = encoder.encodePair({ prompt: 'p', chosen, rejected: 'z' }, 0);
      return [pair?.chosen, pair?.rejected].map((side) =>
        Array.from(side?.row ?? [], (id) => tokenizer.tokenText(id)).join(''),
      );
    };
    expect(ended('uv', 10)).toEqual(['puv.', 'pz.']);
    expect(ended('uv.', 10)).toEqual(['puv.', 'pz.']);
    expect(ended('uvwxyz', 4)).toEqual(['puvw', 'pz.']);
  });
});
