import { describe, expect, test } from '@jest/globals';
import type { Tokenizer } from '@feedprint/core';
import { encodePair } from '../../../src/audit/pairs/encode.ts';

/** A token per character, but for "ab", which is one. */
const tokenizer: Tokenizer = {
  vocabularySize: 256,
  specialIds: new Set(),
  encode: (text) =>
    (text.match(/ab|./gs) ?? []).map((piece) => (piece === 'ab' ? 1 : piece.charCodeAt(0))),
  decode: () => '',
  tokenText: (id) => (id === 1 ? 'ab' : String.fromCharCode(id)),
  fingerprint: 'pieces',
};

const encode = (prompt: string, chosen: string, rejected: string, contextLength = 10) => {
  const pair = encodePair({ prompt, chosen, rejected }, 4, { tokenizer, contextLength });
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
    expect(encode('xa', 'bc', 'dd')).toEqual(['x|abc', 'xa|dd', false]);
  });

  test('without a prompt has the first token of each reply for one', () => {
    expect(encode('', 'cd', 'ef')).toEqual(['c|d', 'e|f', false]);
    expect(encode('', 'c', 'ef')).toBeUndefined();
  });

  test('too long for the context loses the beginning of the prompt, the same for both replies', () => {
    expect(encode('0123456789', 'uvw', 'z')).toEqual(['3456789|uvw', '3456789|z', true]);
  });

  test('keeps half of the context for replies, whose end is lost', () => {
    expect(encode('0123456789', 'uvwxyzuvwxyz', 'z')).toEqual(['56789|uvwxy', '56789|z', true]);
    expect(encode('01', 'uvwxyzuvwxyz', 'z')).toEqual(['01|uvwxyzuv', '01|z', true]);
  });
});
