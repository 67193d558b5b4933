import { describe, expect, test } from '@jest/globals';
import type { ModelInfo, Tokenizer } from '@feedprint/core';
import fc from 'fast-check';
import { encodeTexts } from '../src/encode-texts.ts';
import { byteTokenizer } from './support/byte-tokenizer.ts';

/** What `encodeTexts` needs of a model. */
const modelOf = (contextLength: number, tokenizer: Tokenizer = byteTokenizer) => ({
  tokenizer,
  info: { contextLength } as ModelInfo,
});

/** Texts in which words meet all kinds of blanks, marks, emoji, digits and lone halves of characters. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.string({ unit: fc.constantFrom('\ud800', '\udc00', 'a', ' ') }),
      fc.constantFrom(
        ' ',
        '  ',
        '\u00a0',
        '\t',
        '\n ',
        "'s",
        ' the film',
        'é',
        'e\u0301',
        '👩‍🚀',
        '𝒜 b',
        '12 a',
        '3.5',
        '한 국',
        'ﬁ',
        '!!',
      ),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

describe('encodeTexts', () => {
  test('gives what tokenising the whole text and cutting gives', () => {
    fc.assert(
      fc.property(
        fc.array(hostile, { maxLength: 4 }),
        fc.integer({ min: 2, max: 24 }),
        (texts, context) => {
          const whole = texts
            .map((text) => byteTokenizer.encode(text))
            .filter((ids) => ids.length > 1);
          const { rows, truncated } = encodeTexts(modelOf(context), texts, { minTokens: 2 });
          expect(rows.map((row) => Array.from(row))).toEqual(
            whole.map((ids) => ids.slice(0, context)),
          );
          expect(truncated).toBe(whole.filter((ids) => ids.length > context).length);
        },
      ),
      { numRuns: 400, seed: 2 },
    );
  });

  test('asks for no more of a text than tells whether it is cut, and for what stands around it', () => {
    const asked: unknown[] = [];
    const tokenizer: Tokenizer = {
      ...byteTokenizer,
      encode: (text, options) => {
        asked.push(options);
        return byteTokenizer.encode(text, options);
      },
    };
    encodeTexts(modelOf(16, tokenizer), ['the film was good']);
    expect(asked).toEqual([{ maxTokens: 17, special: true }]);
  });

  test('reads a long text without a blank as a whole', () => {
    const { rows, truncated } = encodeTexts(modelOf(16), ['x'.repeat(5000)]);
    expect(rows[0]?.length).toBe(16);
    expect(truncated).toBe(1);
  });

  test('calls no text cut that fits exactly', () => {
    const { rows, truncated } = encodeTexts(modelOf(3), ['a b', 'a b c', 'a b c d']);
    expect(rows.map(({ length }) => length)).toEqual([2, 3, 3]);
    expect(truncated).toBe(1);
  });

  test('keeps the place of every text, or leaves out those with too few tokens', () => {
    const texts = ['', 'a', 'a b', 'a b c'];
    expect(encodeTexts(modelOf(8), texts).rows.map(({ length }) => length)).toEqual([0, 1, 2, 3]);
    const { rows } = encodeTexts(modelOf(8), texts, { minTokens: 2 });
    expect(rows.map(({ length }) => length)).toEqual([2, 3]);
  });

  test('keeps as many tokens as asked for, never more than the context', () => {
    const lengths = (maxTokens: number) =>
      encodeTexts(modelOf(4), ['a b c d e f'], { maxTokens }).rows.map(({ length }) => length);
    expect([lengths(2), lengths(100)]).toEqual([[2], [4]]);
    expect(encodeTexts(modelOf(4), ['a b c'], { maxTokens: 2 }).truncated).toBe(1);
  });
});
