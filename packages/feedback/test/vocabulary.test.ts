import { expect, test } from '@jest/globals';
import { createFunctionSignal, createVaderSignal, scoredTokens } from '../src/index.ts';
import { wordTokenizer } from './word-tokenizer.ts';

const tokenizer = wordTokenizer([' good', ' Good', 'good', ' table', ' ', ' worst']);

test('scored tokens carry their id, word and stated feedback', async () => {
  expect(await scoredTokens(tokenizer, createVaderSignal())).toEqual([
    { id: 1, word: 'good', stated: 1.9 },
    { id: 6, word: 'worst', stated: -3.1 },
  ]);
});

test('special tokens are not among them', async () => {
  const everything = createFunctionSignal({
    name: 'all',
    granularity: 'token',
    range: [0, 2],
    score: () => 1,
  });
  const ids = (await scoredTokens(tokenizer, everything)).map(({ id }) => id);
  expect(ids).toEqual([1, 2, 3, 4, 5, 6]);
});
