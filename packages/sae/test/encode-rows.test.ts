import { describe, expect, test } from '@jest/globals';
import { matrix } from '@feedprint/core';
import type { ActivationStore, Matrix } from '@feedprint/core';
import { encodeRows } from '../src/index.ts';
import { normalMatrix, randomSae } from './support/saes.ts';
import { storeOf } from './support/stores.ts';

const x = normalMatrix(70, 6, 3, 2);

/** A store that notes which rows were read. */
function countingStore(rows: Matrix): ActivationStore & { readonly reads: [number, number][] } {
  const store = storeOf(rows);
  const reads: [number, number][] = [];
  return {
    ...store,
    reads,
    read: (site, start, end) => {
      reads.push([start, end]);
      return store.read(site, start, end);
    },
  };
}

async function gather(batches: AsyncIterable<{ readonly features: Matrix }>): Promise<number[]> {
  const all: number[] = [];
  for await (const { features } of batches) all.push(...features.data);
  return all;
}

describe('encodeRows', () => {
  test('gives all features in order, as encoding all rows at once gives them', async () => {
    const sae = randomSae({ architecture: { kind: 'topk', k: 3 } });
    const whole = Array.from((await sae.encode(x)).data);
    expect(await gather(encodeRows(sae, x, { batchRows: 16 }))).toEqual(whole);
    expect(await gather(encodeRows(sae, storeOf(x), { batchRows: 16 }))).toEqual(whole);
    const range = { store: storeOf(x), start: 10, end: 33 };
    expect(await gather(encodeRows(sae, range, { batchRows: 7 }))).toEqual(
      whole.slice(10 * sae.dSae, 33 * sae.dSae),
    );
    await sae.dispose();
  });

  test('reads the next rows of a store only when they are asked for, and no more at once than it is told', async () => {
    const sae = randomSae({ architecture: { kind: 'relu' } });
    const store = countingStore(x);
    const batches = encodeRows(sae, store, { batchRows: 32 });
    expect(store.reads).toEqual([]);
    const { value } = await batches.next();
    expect(value).toMatchObject({ start: 0, x: { rows: 32 }, features: { rows: 32, columns: 10 } });
    expect(store.reads).toEqual([[0, 32]]);
    await batches.next();
    expect((await batches.next()).value).toMatchObject({ start: 64, features: { rows: 6 } });
    expect(store.reads).toEqual([
      [0, 32],
      [32, 64],
      [64, 70],
    ]);
    expect(await batches.next()).toEqual({ done: true, value: undefined });
    await sae.dispose();
  });

  test('refuses rows of another width, none, and a batch of none', async () => {
    const sae = randomSae({ architecture: { kind: 'relu' } });
    const encode = (rows: Matrix, batchRows = 4) => gather(encodeRows(sae, rows, { batchRows }));
    await expect(encode(matrix(3, 5))).rejects.toMatchObject({ code: 'shape-mismatch' });
    await expect(encode(matrix(0, 6))).rejects.toMatchObject({ code: 'usage' });
    await expect(encode(x, 0)).rejects.toMatchObject({ code: 'usage' });
    await sae.dispose();
  });
});
