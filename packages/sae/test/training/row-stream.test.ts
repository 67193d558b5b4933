import { describe, expect, test } from '@jest/globals';
import { matrix } from '@feedprint/core';
import type { ActivationStore, Matrix } from '@feedprint/core';
import { createRowStream } from '../../src/training/row-stream.ts';
import type { RowStream } from '../../src/training/row-stream.ts';

const sites = ['a', 'b'];

/** Row r of site a is [r, r], of site b [-r]. */
function numbered(rows: number): ActivationStore {
  const none = new Int32Array(rows);
  const width = (site: string): number => (site === 'a' ? 2 : 1);
  return {
    sites,
    rows,
    provenance: { text: none, position: none, token: none },
    width,
    read: async (site, start, end) => {
      const columns = width(site);
      const sign = site === 'a' ? 1 : -1;
      const data = Float32Array.from(
        { length: (end - start) * columns },
        (_, i) => sign * (start + Math.floor(i / columns)),
      );
      return matrix(end - start, columns, data);
    },
    scale: async () => ({ mean: new Float32Array(2), meanNorm: 1 }),
  };
}

const options = { sites, batchRows: 100, bufferRows: 5000, seed: 3 };

const rowsOf = (m: Matrix | undefined): number[] =>
  Array.from({ length: m?.rows ?? 0 }, (_, r) => m?.data[r * (m.columns ?? 1)] as number);

async function take(stream: RowStream, batches: number): Promise<number[][]> {
  const taken: number[][] = [];
  for (let i = 0; i < batches; i++) taken.push(rowsOf((await stream.next()).get('a')));
  return taken;
}

describe('a stream of mixed rows', () => {
  test('gives the same rows for every site', async () => {
    const stream = await createRowStream(numbered(3000), options);
    for (let i = 0; i < 5; i++) {
      const batch = await stream.next();
      expect(rowsOf(batch.get('b')).map((v) => -v)).toEqual(rowsOf(batch.get('a')));
    }
  });

  test('gives every row equally often, up to what waits in the buffer', async () => {
    const rows = 20_000;
    const stream = await createRowStream(numbered(rows), options);
    const seen = new Int32Array(rows);
    for (const row of (await take(stream, 3 * (rows / 100))).flat())
      seen[row] = (seen[row] as number) + 1;
    for (const row of stream.state().waiting) seen[row] = (seen[row] as number) + 1;
    const passes = stream.state().chunks / Math.ceil(rows / 1024);
    expect(new Set(seen)).toEqual(new Set([Math.floor(passes), Math.ceil(passes)]));
  });

  test('mixes rows from far apart', async () => {
    const stream = await createRowStream(numbered(50_000), options);
    const [batch = []] = await take(stream, 1);
    const chunks = new Set(batch.map((row) => Math.floor(row / 1024)));
    expect(chunks.size).toBeGreaterThanOrEqual(5);
    const sorted = [...batch].sort((a, b) => a - b);
    expect(batch).not.toEqual(sorted);
  });

  test('gives the same batches for the same seed, others for another', async () => {
    const first = await take(await createRowStream(numbered(9000), options), 40);
    expect(await take(await createRowStream(numbered(9000), options), 40)).toEqual(first);
    const other = await createRowStream(numbered(9000), { ...options, seed: 4 });
    expect(await take(other, 40)).not.toEqual(first);
  });

  test.each([0, 1, 57, 233])('goes on from its state after %i batches', async (batches) => {
    const whole = await take(await createRowStream(numbered(7000), options), batches + 150);
    const stream = await createRowStream(numbered(7000), options);
    await take(stream, batches);
    const resumed = await createRowStream(numbered(7000), options, stream.state());
    expect(await take(resumed, 150)).toEqual(whole.slice(batches));
  });

  test('reads the store once, in its order, to go on', async () => {
    const stream = await createRowStream(numbered(20_000), options);
    await take(stream, 57);
    const starts: number[] = [];
    const store = numbered(20_000);
    const watched: ActivationStore = {
      ...store,
      read: (site, start, end) => {
        if (site === 'a') starts.push(start);
        return store.read(site, start, end);
      },
    };
    await createRowStream(watched, options, stream.state());
    expect(starts.length).toBeGreaterThan(1);
    expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
  });

  test('fetches ahead without changing what comes, and keeps the batch before intact', async () => {
    const plain = await take(await createRowStream(numbered(7000), options), 30);
    const stream = await createRowStream(numbered(7000), options);
    for (const expected of plain) {
      const batch = await stream.next();
      stream.prefetch();
      await new Promise((resolve) => setImmediate(resolve));
      expect(rowsOf(batch.get('a'))).toEqual(expected);
    }
    stream.prefetch();
    expect(() => stream.state()).toThrow(/fetching/);
  });

  test('serves stores smaller than a batch, repeating rows', async () => {
    const stream = await createRowStream(numbered(7), options);
    const [batch = []] = await take(stream, 1);
    expect(batch).toHaveLength(100);
    expect(new Set(batch)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6]));
  });

  test('tells of a store that fails, and of one without rows', async () => {
    const broken = { ...numbered(50), read: () => Promise.reject(new Error('disk gone')) };
    const stream = await createRowStream(broken, options);
    stream.prefetch();
    await expect(stream.next()).rejects.toThrow('disk gone');
    await expect(createRowStream(numbered(0), options)).rejects.toThrow(/no activation/);
  });
});
