import { describe, expect, test } from '@jest/globals';
import {
  FeedprintError,
  assertFinite,
  concatColumns,
  dot,
  matrix,
  norm,
  row,
  takeRows,
} from '../src/index.ts';

const m = matrix(3, 2, Float32Array.of(1, 2, 3, 4, 5, 6));

describe('a matrix', () => {
  test('of no data is zero', () => {
    expect([...matrix(2, 2).data]).toEqual([0, 0, 0, 0]);
  });

  test('refuses data of another size and says both', () => {
    expect(() => matrix(2, 3, new Float32Array(5))).toThrow(/\[2, 3\] needs 6 numbers, got 5/);
  });

  test('gives rows as views', () => {
    const own = matrix(2, 2);
    row(own, 1)[0] = 7;
    expect([...own.data]).toEqual([0, 0, 7, 0]);
  });

  test('gives copies of chosen rows, in the order asked for, repeats too', () => {
    const taken = takeRows(m, [2, 0, 2]);
    expect([...taken.data]).toEqual([5, 6, 1, 2, 5, 6]);
    taken.data[0] = 0;
    expect(m.data[4]).toBe(5);
  });

  test('is put beside others row by row', () => {
    const joined = concatColumns([m, matrix(3, 1, Float32Array.of(7, 8, 9))]);
    expect([joined.rows, joined.columns]).toEqual([3, 3]);
    expect([...joined.data]).toEqual([1, 2, 7, 3, 4, 8, 5, 6, 9]);
    expect(() => concatColumns([m, matrix(2, 1)])).toThrow(/2 rows beside 3/);
  });
});

test('dot and norm accumulate in f64', () => {
  expect(dot([1, 2, 3], [4, 5, 6])).toBe(32);
  expect(norm([3, 4])).toBe(5);
  // In f32 the small squares would vanish beside 2^24.
  const values = new Float32Array(1025).fill(1);
  values[0] = 4096;
  expect(norm(values)).toBe(Math.sqrt(2 ** 24 + 1024));
});

describe('assertFinite', () => {
  test.each([NaN, Infinity, -Infinity])('names the place of %d', (bad) => {
    const assert = (): void => assertFinite([1, bad], 'the weights');
    expect(assert).toThrow(`the weights holds ${bad} at index 1`);
    expect(assert).toThrow(expect.objectContaining({ code: 'numbers-invalid' }));
  });

  test('lets finite numbers pass, the smallest and the largest too', () => {
    assertFinite([0, -0, Number.MIN_VALUE, Number.MAX_VALUE], 'x');
  });
});

describe('a FeedprintError', () => {
  const error = new FeedprintError({
    code: 'usage',
    message: 'no such site: x',
    remedy: 'name another',
    cause: 'why',
  });

  test('says what was wrong and what to do, and keeps code, remedy and cause', () => {
    expect(error.message).toBe('no such site: x; name another');
    expect([error.name, error.code, error.remedy, error.cause]).toEqual([
      'FeedprintError',
      'usage',
      'name another',
      'why',
    ]);
    expect('cause' in new FeedprintError({ code: 'usage', message: 'a', remedy: 'b' })).toBe(false);
  });

  test('is known by its name, from another copy of the package too', () => {
    expect(FeedprintError.is(error)).toBe(true);
    expect(
      FeedprintError.is(Object.assign(new Error('x'), { name: 'FeedprintError', remedy: 'y' })),
    ).toBe(true);
    for (const other of [new Error('x'), { name: 'FeedprintError', remedy: 'y' }, null, 'x']) {
      expect(FeedprintError.is(other)).toBe(false);
    }
  });
});
