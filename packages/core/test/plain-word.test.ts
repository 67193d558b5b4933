import { expect, test } from '@jest/globals';
import { plainWord } from '../src/index.ts';

test('names tokens as words, and space by signs for it', () => {
  expect([' good', 'ing', ' ', '  ', '\n', ' \n'].map(plainWord)).toEqual([
    'good',
    'ing',
    '␣',
    '␣␣',
    '↵',
    '␣↵',
  ]);
});
