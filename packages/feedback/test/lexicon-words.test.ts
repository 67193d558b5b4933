import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lexiconWords, loadVaderLexicon } from '../src/index.ts';

const lexicon = loadVaderLexicon();

test.each<[string, [string, number, number][]]>([
  ['a good film', [['good', 2, 1.9]]],
  [
    'GOOD, (bad)!',
    [
      ['GOOD', 0, 1.9],
      ['bad', 7, -2.5],
    ],
  ],
  ['goodness and badly-made things', [['goodness', 0, 2]]],
  ["I can't stand it; don’t worry", [['worry', 24, -1.9]]],
  ['pre-good, good2, 2good, goöd', []],
  [
    '"good"/«good»',
    [
      ['good', 1, 1.9],
      ['good', 8, 1.9],
    ],
  ],
  ['', []],
  ['😀 :) 8)', []],
])('finds the whole words of %j that the lexicon has', (text, words) => {
  const found = lexiconWords(text, lexicon);
  expect(found.map(({ word, offset, valence }) => [word, offset, valence])).toEqual(words);
});

test('gives words as they stand in the text', () => {
  const part = fc.oneof(fc.constantFrom('good', 'BAD', "can't", '-', "'", ' '), fc.string());
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const text = parts.join('');
      for (const { word, offset, valence } of lexiconWords(text, lexicon)) {
        expect(text.slice(offset, offset + word.length)).toBe(word);
        expect(lexicon.get(word.toLowerCase().replaceAll('’', "'"))).toBe(valence);
      }
    }),
  );
});
