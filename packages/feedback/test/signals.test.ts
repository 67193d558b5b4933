import { feedbackSignalConformance } from '@feedprint/core/testing';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  createFunctionSignal,
  createVaderSignal,
  loadVaderLexicon,
  pairSignal,
} from '../src/index.ts';

describe('VADER signal', () => {
  const cases = feedbackSignalConformance(createVaderSignal, [' good', 'good', ' the', ' worst']);
  for (const { name, run } of cases) test(name, run);
});

const wordCount = () =>
  createFunctionSignal({
    name: 'word count',
    granularity: 'sequence',
    range: [0, 100],
    score: ({ reply }) => (reply === '' ? undefined : Math.min(100, reply.split(' ').length)),
  });

const text = (reply: string) => ({ prompt: '', reply });

describe('function signal', () => {
  const examples = [text('one two'), text('')];
  for (const { name, run } of feedbackSignalConformance(wordCount, examples)) test(name, run);
});

describe('pair signal', () => {
  const make = () => pairSignal(wordCount());
  const pair = { prompt: 'Q', chosen: 'one two three', rejected: 'one' };
  for (const { name, run } of feedbackSignalConformance(make, [pair])) test(name, run);

  test('is the difference of the replies, and silent where one of them has no score', async () => {
    const swapped = { prompt: 'Q', chosen: pair.rejected, rejected: pair.chosen };
    const silent = { prompt: 'Q', chosen: pair.chosen, rejected: '' };
    expect(await make().score([pair, swapped, silent])).toEqual([2, -2, undefined]);
    expect(make().range).toEqual([-100, 100]);
  });
});

test.each([
  [' good', 1.9],
  [' horror', -2.7],
  [' heart', 3.2],
  [' lol', 1.8],
  ['good', undefined],
  ['  good', undefined],
  ['\tgood', undefined],
  ['\u00a0good', undefined],
  [' good ', undefined],
  [' Good', undefined],
  [' GOOD', undefined],
  [' :)', undefined],
  [' 8)', undefined],
  [' the', undefined],
  [' ', undefined],
])('VADER scores the token %j as %p', async (token, score) => {
  expect(await createVaderSignal().score([token])).toEqual([score]);
});

test('VADER scores every entry with a letter behind one space, at its valence', async () => {
  const lexicon = loadVaderLexicon();
  const entries = [...lexicon.keys()];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...entries), async (entry) => {
      const hasLetter = entry.toLowerCase() !== entry.toUpperCase();
      const expected = hasLetter ? lexicon.get(entry) : undefined;
      expect(await createVaderSignal(lexicon).score([` ${entry}`])).toEqual([expected]);
    }),
    { numRuns: 2000 },
  );
});

test('VADER takes another lexicon', async () => {
  const signal = createVaderSignal(new Map([['dull', -1.5]]));
  expect(await signal.score([' dull', ' good'])).toEqual([-1.5, undefined]);
});

test('a function that leaves its range is caught, with the example', async () => {
  for (const value of [5, NaN, Infinity]) {
    const signal = createFunctionSignal({
      name: 'loud',
      granularity: 'token',
      range: [-1, 1],
      score: () => value,
    });
    await expect(signal.score([' x'])).rejects.toThrow(
      /loud scored " x" as (5|NaN|Infinity), outside \[-1, 1\]/,
    );
  }
});

test('a range must be ascending', () => {
  const make = (range: [number, number]) =>
    createFunctionSignal({ name: 'f', granularity: 'token', range, score: () => undefined });
  for (const range of [
    [1, 1],
    [2, 1],
    [0, NaN],
    [Infinity, -Infinity],
  ] as [number, number][]) {
    expect(() => make(range)).toThrow(/range of the feedback f/);
  }
});
