import { expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import { partialRankCorrelation } from '../../src/index.ts';
import { expectClose, readGolden } from '../golden.ts';

interface Golden {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly given: readonly number[];
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

// tools/golden/partial_rank_correlation.py
test.each(readGolden<Golden[]>('partial-rank-correlation.json'))(
  'gives the values of pingouin and scipy, case %#',
  ({ x, y, given, value, low, high }) => {
    const found = partialRankCorrelation(x, y, given);
    expectClose(found?.value as number, value, 1e-12);
    expectClose(found?.interval.low as number, low, 1e-9);
    expectClose(found?.interval.high as number, high, 1e-9);
  },
);

test('sees nothing in what only the third variable shares', () => {
  const random = createRandom(5);
  const given = Array.from({ length: 2000 }, () => random.normal());
  const noisy = () => given.map((value) => value + 0.5 * random.normal());
  const found = partialRankCorrelation(noisy(), noisy(), given);
  expect(found?.interval.low).toBeLessThan(0.02);
  expect(Math.abs(found?.value as number)).toBeLessThan(0.1);
});

test('says nothing of few observations, constants, or what the third variable determines', () => {
  const numbers = [1, 2, 3, 4, 5, 6, 7, 8];
  const other = [2, 1, 4, 3, 6, 5, 8, 7];
  expect(partialRankCorrelation([1, 2, 3], [1, 2, 3], [1, 3, 2])).toBeUndefined();
  expect(partialRankCorrelation(numbers, new Array(8).fill(1), other)).toBeUndefined();
  expect(partialRankCorrelation(numbers, other, numbers)).toBeUndefined();
});
