import { feedbackSignalConformance } from '@feedprint/core/testing';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createFunctionSignal, createVaderSignal, loadVaderLexicon } from '../src/index.ts';

describe('VADER signal', () => {
  const cases = feedbackSignalConformance(createVaderSignal, [' good', 'good', ' the', ' worst']);
  for (const { name, run } of cases) test(name, run);
});

const wordCount = () =>
  createFunctionSignal({
    name: 'word count',
    granularity: 'sequence',
    range: [0, 100],
    score: (text) => (text === '' ? undefined : Math.min(100, text.split(' ').length)),
  });

describe('function signal', () => {
  for (const { name, run } of feedbackSignalConformance(wordCount, ['one two', '']))
    test(name, run);
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
])('VADER scores the token %j as %p', (token, score) => {
  expect(createVaderSignal().score([token])).toEqual([score]);
});

test('VADER scores every entry with a letter behind one space, at its valence', () => {
  const lexicon = loadVaderLexicon();
  const entries = [...lexicon.keys()];
  fc.assert(
    fc.property(fc.constantFrom(...entries), (entry) => {
      const hasLetter = entry.toLowerCase() !== entry.toUpperCase();
      const expected = hasLetter ? lexicon.get(entry) : undefined;
      expect(createVaderSignal(lexicon).score([` ${entry}`])).toEqual([expected]);
    }),
    { numRuns: 2000 },
  );
});

test('VADER takes another lexicon', () => {
  expect(createVaderSignal(new Map([['dull', -1.5]])).score([' dull', ' good'])).toEqual([
    -1.5,
    undefined,
  ]);
});

test('a function that leaves its range is caught, with the example', () => {
  for (const value of [5, NaN, Infinity]) {
    const signal = createFunctionSignal({
      name: 'loud',
      granularity: 'token',
      range: [-1, 1],
      score: () => value,
    });
    expect(() => signal.score([' x'])).toThrow(
      /loud scored " x" as (5|NaN|Infinity), outside \[-1, 1\]/,
    );
  }
});

test('a range must be finite and ascending', () => {
  const make = (range: [number, number]) =>
    createFunctionSignal({ name: 'f', granularity: 'token', range, score: () => undefined });
  for (const range of [
    [1, 1],
    [2, 1],
    [0, NaN],
    [-Infinity, 0],
  ] as [number, number][]) {
    expect(() => make(range)).toThrow(/range of the feedback f/);
  }
});
