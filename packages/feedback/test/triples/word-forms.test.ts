import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { endingOf, inCaseOf } from '../../src/triples/word-forms.ts';

test.each([
  ['liked', 'ed'],
  ['boring', 'ing'],
  ['thrills', 's'],
  ['better', 'er'],
  ['funniest', 'est'],
  ['badly', 'ly'],
  ['good', 'none'],
  ['best', 'none'],
  ['bed', 'none'],
  ['thing', 'none'],
  ['boss', 'none'],
  ['bonus', 'none'],
  ['crisis', 'none'],
  ['sly', 'none'],
])('%s has the ending %s', (word, ending) => expect(endingOf(word)).toBe(ending));

test.each([
  ['good', 'bad', 'bad'],
  ['Good', 'bad', 'Bad'],
  ['GOOD', 'bad', 'BAD'],
  ['gOOd', 'bad', undefined],
  ['GooD', 'bad', undefined],
  ['Été', 'über', 'Über'],
])('in the case of %s, %s is written %s', (written, word, expected) =>
  expect(inCaseOf(written, word)).toBe(expected),
);

test('a word in its own case is itself', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-zA-Z]{1,9}$/), (written) => {
      expect([undefined, written]).toContain(inCaseOf(written, written.toLowerCase()));
    }),
  );
});
