import { expect, test } from '@jest/globals';
import {
  bracketed,
  duration,
  fixed,
  mean,
  percent,
  probability,
  probabilityOf,
  significant,
  signed,
} from '../src/format.ts';

test('fixed digits, a real minus, no negative zero, a dash for no number', () => {
  expect(fixed(-1.234)).toBe('−1.23');
  expect(fixed(-0.001)).toBe('0.00');
  expect(fixed(null)).toBe('–');
  expect(fixed(NaN)).toBe('–');
  expect(fixed(Infinity)).toBe('–');
});

test('signed numbers carry their sign, zero none', () => {
  expect(signed(0.5)).toBe('+0.50');
  expect(signed(-0.5)).toBe('−0.50');
  expect(signed(0.001)).toBe('0.00');
  expect(signed(null)).toBe('–');
  expect(signed(undefined)).toBe('–');
});

test('significant digits stay short over many sizes', () => {
  expect([0, 0.012345, 12.345, 1e-9, 2.5e7, -3].map(significant)).toEqual([
    '0',
    '0.0123',
    '12.3',
    '1.0e−9',
    '2.5e7',
    '−3',
  ]);
  expect(significant(null)).toBe('–');
});

test('shares, intervals and probabilities', () => {
  expect(percent(0.1234)).toBe('12.3\u00a0%');
  expect(percent(null)).toBe('–');
  expect(bracketed({ low: -0.1, high: 0.2 })).toBe('[−0.10, 0.20]');
  expect(bracketed(null)).toBe('');
  expect(probability(0.0321)).toBe('0.032');
  expect(probability(0.0001)).toBe('< 0.001');
  expect(probabilityOf('q', 0.0001)).toBe('q < 0.001');
  expect(probabilityOf('q', 0.5)).toBe('q = 0.500');
});

test('durations and means', () => {
  expect([0.4, 42, 307, 7500].map(duration)).toEqual(['0 s', '42 s', '5 min 07 s', '2 h 05 min']);
  expect(mean([])).toBeNull();
  expect(mean([1, 2])).toBe(1.5);
});
