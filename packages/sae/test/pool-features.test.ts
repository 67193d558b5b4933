import { describe, expect, test } from '@jest/globals';
import { matrix } from '@feedprint/core';
import type { ActivationStore, Matrix } from '@feedprint/core';
import { poolFeatures } from '../src/index.ts';
import type { PoolOptions } from '../src/index.ts';
import { mappingSae } from './support/plain-sae.ts';
import { normalMatrix, randomSae } from './support/saes.ts';
import { storeOf } from './support/stores.ts';

/** A store whose rows come from these texts and positions. */
function storeOfTexts(
  rows: Matrix,
  text: readonly number[],
  position: readonly number[],
): ActivationStore {
  const provenance = {
    text: Int32Array.from(text),
    position: Int32Array.from(position),
    token: new Int32Array(rows.rows),
  };
  return { ...storeOf(rows), provenance };
}

/** Features are the rows themselves. */
const same = mappingSae(2, (x) => x);

const small = storeOfTexts(
  matrix(5, 2, Float32Array.of(1, 0, 3, 4, 0, 2, 8, 0, 1, 1)),
  [0, 0, 2, 2, 2],
  [0, 1, 0, 1, 3],
);

/** The same by one plain loop over all rows. */
async function plainly(
  { x, text, position }: { x: Matrix; text: readonly number[]; position: readonly number[] },
  encode: (x: Matrix) => Promise<Matrix>,
  { pool, starts }: PoolOptions,
): Promise<number[][]> {
  const z = await encode(x);
  const ids = [...new Set(text)].sort((a, b) => a - b);
  return ids.flatMap((id) => {
    const rows = text.flatMap((t, r) => {
      if (t !== id || (position[r] as number) < (starts?.[t] ?? 0)) return [];
      return [Array.from(z.data.slice(r * z.columns, (r + 1) * z.columns))];
    });
    if (rows.length === 0) return [];
    const column = (f: number): number[] => rows.map((each) => each[f] as number);
    return [
      Array.from({ length: z.columns }, (_, f) =>
        pool === 'max'
          ? Math.max(...column(f))
          : column(f).reduce((sum, v) => sum + v, 0) / rows.length,
      ),
    ];
  });
}

const rowsOf = ({ rows, columns, data }: Matrix): number[][] =>
  Array.from({ length: rows }, (_, r) => Array.from(data.slice(r * columns, (r + 1) * columns)));

describe('poolFeatures', () => {
  test('gives means and maxima by text, the texts named', async () => {
    const mean = await poolFeatures(same, small);
    expect(mean.texts).toEqual(Int32Array.of(0, 2));
    expect(mean.features).toEqual(matrix(2, 2, Float32Array.of(2, 2, 3, 1)));
    const max = await poolFeatures(same, small, { pool: 'max' });
    expect(max).toEqual({
      texts: Int32Array.of(0, 2),
      features: matrix(2, 2, Float32Array.of(3, 4, 8, 2)),
    });
  });

  test('takes the reply alone where starts are given, and leaves out a text without one', async () => {
    const { texts, features } = await poolFeatures(same, small, { starts: [1, 0, 1] });
    expect(Array.from(texts)).toEqual([0, 2]);
    expect(features).toEqual(matrix(2, 2, Float32Array.of(3, 4, 4.5, 0.5)));
    const one = await poolFeatures(same, small, { starts: [2, 0, 3], pool: 'max' });
    expect(one).toEqual({
      texts: Int32Array.of(2),
      features: matrix(1, 2, Float32Array.of(1, 1)),
    });
  });

  test.each(['mean', 'max'] as const)(
    'is the %s of a plain loop, whatever the batches and the order of the rows',
    async (pool) => {
      const sae = randomSae({ architecture: { kind: 'relu' } });
      const x = normalMatrix(60, 6, 5, 2);
      const position = Array.from({ length: 60 }, (_, r) => r % 7);
      const starts = Array.from({ length: 9 }, (_, text) => text % 4);
      for (const text of [
        Array.from({ length: 60 }, (_, r) => Math.floor(r / 7)),
        Array.from({ length: 60 }, (_, r) => (r * 5) % 9),
      ]) {
        const store = storeOfTexts(x, text, position);
        const expected = await plainly({ x, text, position }, sae.encode, { pool, starts });
        for (const batchRows of [1, 16, 100]) {
          const { features } = await poolFeatures(sae, store, { pool, starts, batchRows });
          const found = rowsOf(features);
          expect(found.length).toBe(expected.length);
          found.flat().forEach((v, i) => expect(v).toBeCloseTo(expected.flat()[i] as number, 6));
        }
      }
      await sae.dispose();
    },
  );

  test('refuses starts that are too few, and replies without rows', async () => {
    await expect(poolFeatures(same, small, { starts: [0, 0] })).rejects.toMatchObject({
      code: 'shape-mismatch',
    });
    await expect(poolFeatures(same, small, { starts: [9, 9, 9] })).rejects.toMatchObject({
      code: 'usage',
    });
    await expect(poolFeatures(same, storeOfTexts(matrix(0, 2), [], []))).rejects.toMatchObject({
      code: 'usage',
    });
  });
});
