import { createFunctionSignal } from '@feedprint/feedback';
import { expect, test } from '@jest/globals';
import { sumOfWords } from '../../../src/audit/told/sum-of-words.ts';

const scores: Record<string, number> = { ' good': 2, ' bad': -1 };
const signal = createFunctionSignal({
  name: 'moods',
  granularity: 'token',
  range: [-1, 2],
  score: (word) => scores[word],
});

test('a lexicon rewards a reply by the sum over its words, those without a score by 0', async () => {
  const { name, score } = sumOfWords(signal, []);
  const replies = [' good, good; bad!', 'A good plot', ' the plot', ''];
  expect(await score(replies.map((reply) => ({ prompt: 'a bad one', reply })))).toEqual([
    3, 2, 0, 0,
  ]);
  expect(name).toBe('moods, summed over the words of a reply');
});

test('lexicons of one name and other words are told apart', () => {
  const of = (stated: number) => sumOfWords(signal, [{ id: 1, word: 'good', stated }]).settings;
  expect(of(1)).not.toEqual(of(2));
});
