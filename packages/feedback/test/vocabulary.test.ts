import { expect, test } from '@jest/globals';
import {
  createFunctionSignal,
  createVaderSignal,
  neutralTokens,
  scoredTokens,
} from '../src/index.ts';
import { wordTokenizer } from './word-tokenizer.ts';

const texts = [
  ' good',
  ' Good',
  'good',
  ' table',
  ' été',
  ' 12',
  " don't",
  ' a b',
  ' ',
  'table',
  ' worst',
];
const tokenizer = wordTokenizer(texts);

test('neutral tokens are spaced words of letters on which the feedback is silent in any case', async () => {
  const ids = await neutralTokens(tokenizer, createVaderSignal());
  expect(ids.map((id) => tokenizer.tokenText(id))).toEqual([' table', ' été']);
});

test('given texts, neutral tokens are those that mostly stand there as whole words', async () => {
  const pieces = wordTokenizer([' tab', ' mat', ' rug', ' gone', 'le', ',', ' worst']);
  const [tab, mat, rug, le, comma] = [1, 2, 3, 5, 6];
  const texts = [
    [tab, le, tab, le, tab, comma],
    [mat, le, mat, comma, mat, rug],
    [rug, comma],
  ];
  expect(await neutralTokens(pieces, createVaderSignal(), { texts })).toEqual([mat, rug]);
  expect(await neutralTokens(pieces, createVaderSignal())).toEqual([1, 2, 3, 4]);
});

test('scored tokens carry their id, word and stated feedback', async () => {
  expect(await scoredTokens(tokenizer, createVaderSignal())).toEqual([
    { id: 1, word: 'good', stated: 1.9 },
    { id: 11, word: 'worst', stated: -3.1 },
  ]);
});

test('special tokens are in neither', async () => {
  const everything = createFunctionSignal({
    name: 'all',
    granularity: 'token',
    range: [0, 2],
    score: () => 1,
  });
  expect((await scoredTokens(tokenizer, everything)).map(({ id }) => id)).not.toContain(0);
  const special = { ...tokenizer, specialIds: new Set([0, 4]) };
  expect(await neutralTokens(special, createVaderSignal())).toEqual([5]);
});
