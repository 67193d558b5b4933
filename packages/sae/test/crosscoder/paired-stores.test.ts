import { describe, expect, test } from '@jest/globals';
import { FeedprintError, matrix, norm, row } from '@feedprint/core';
import { concatStores, differenceStore } from '../../src/crosscoder/paired-stores.ts';
import { SITE, normalMatrix } from '../support/saes.ts';
import { storeOf } from '../support/stores.ts';

const base = normalMatrix(5000, 3, 1, 2);
const tuned = normalMatrix(5000, 3, 2);

test('the activations of both models stand side by side', async () => {
  const store = concatStores(storeOf(base), storeOf(tuned));
  expect([store.rows, store.width(SITE), store.sites]).toEqual([5000, 6, [SITE]]);
  const rows = await store.read(SITE, 10, 13);
  expect([rows.rows, rows.columns]).toEqual([3, 6]);
  for (let r = 0; r < 3; r++) {
    expect([...row(rows, r)]).toEqual([...row(base, 10 + r), ...row(tuned, 10 + r)]);
  }
  expect(store.provenance.position[4321]).toBe(4321);
});

test('the difference is tuned minus base', async () => {
  const store = differenceStore(storeOf(base), storeOf(tuned));
  expect(store.width(SITE)).toBe(3);
  const rows = await store.read(SITE, 7, 9);
  rows.data.forEach((v, i) =>
    expect(v).toBe(Math.fround((tuned.data[21 + i] as number) - (base.data[21 + i] as number))),
  );
});

test.each([
  ['side by side', concatStores],
  ['subtracted', differenceStore],
])('mean and mean norm are of all rows, %s', async (_, pair) => {
  const store = pair(storeOf(base), storeOf(tuned));
  const all = await store.read(SITE, 0, store.rows);
  const { mean, meanNorm } = await store.scale(SITE);
  const lengths = Array.from({ length: all.rows }, (__, r) => norm(row(all, r)));
  expect(meanNorm).toBeCloseTo(lengths.reduce((a, b) => a + b, 0) / all.rows, 8);
  mean.forEach((v, i) => {
    let sum = 0;
    for (let r = 0; r < all.rows; r++) sum += row(all, r)[i] as number;
    expect(v).toBeCloseTo(sum / all.rows, 6);
  });
  expect(await store.scale(SITE)).toBe(await store.scale(SITE));
});

describe('stores of other tokens', () => {
  const refusals = [
    ['other texts', storeOf(tuned, 1), 'text of row 0 is 0 in one and 1 in the other'],
    ['fewer rows', storeOf(matrix(2, 3)), 'one has 5000 rows, the other 2'],
    [
      'other sites',
      { ...storeOf(tuned), sites: ['elsewhere'] },
      `one has ${SITE}, the other elsewhere`,
    ],
  ] as const;
  test.each(refusals)('are refused: %s', (_, other, message) => {
    for (const pair of [concatStores, differenceStore]) {
      const made = (): unknown => pair(storeOf(base), other);
      expect(made).toThrow(message);
      expect(made).toThrow(FeedprintError);
    }
  });

  test('are refused for a difference of unequal widths', () => {
    const wide = storeOf(normalMatrix(5000, 4, 3));
    expect(() => differenceStore(storeOf(base), wide)).toThrow('3 wide in one and 4 in the other');
    expect(concatStores(storeOf(base), wide).width(SITE)).toBe(7);
  });
});
