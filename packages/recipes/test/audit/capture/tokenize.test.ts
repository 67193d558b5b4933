import { describe, expect, test } from '@jest/globals';
import type { Tokenizer } from '@feedprint/core';
import fc from 'fast-check';
import { tokenizeTexts } from '../../../src/audit/capture/tokenize.ts';
import { byteTokenizer } from '../support/byte-tokenizer.ts';
import { fakeTokenizer } from '../support/fake-model.ts';

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

describe('tokenizeTexts', () => {
  test('gives what tokenising the whole text and cutting gives', () => {
    fc.assert(
      fc.property(
        fc.array(hostile, { maxLength: 4 }),
        fc.integer({ min: 2, max: 24 }),
        (texts, context) => {
          const whole = texts
            .map((text) => byteTokenizer.encode(text))
            .filter((ids) => ids.length > 1);
          const { rows, truncated } = tokenizeTexts(texts, byteTokenizer, context);
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
    tokenizeTexts(['the film was good'], tokenizer, 16);
    expect(asked).toEqual([{ maxTokens: 17, special: true }]);
  });

  test('reads a long text without a blank as a whole', () => {
    const { rows, truncated } = tokenizeTexts(['x'.repeat(5000)], byteTokenizer, 16);
    expect(rows[0]?.length).toBe(16);
    expect(truncated).toBe(1);
  });

  test('leaves out texts of fewer than two tokens and calls none cut that fits exactly', () => {
    const { rows, truncated } = tokenizeTexts(['', 'good', 'good film', 'a b c'], fakeTokenizer, 3);
    expect(rows.map(({ length }) => length)).toEqual([2, 3]);
    expect(truncated).toBe(0);
  });
});
