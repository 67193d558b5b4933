import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { concatRows } from './concat-rows.ts';
import { matrix, openSafetensors } from '@feedprint/core';
import type { ActivationRows } from '@feedprint/core';
import { activationStoreConformance } from '@feedprint/core/testing';
import { createMemoryStore, createShardedStoreFormat } from '../../src/index.ts';
import { temporaryFolder } from '../support/tiny-checkpoint.ts';

const shards = (shardRows: number) => async (parts: readonly ActivationRows[]) => {
  const sites = [...(parts[0] as ActivationRows).activations.keys()];
  const writer = await createShardedStoreFormat({ shardRows }).create(temporaryFolder(), sites);
  for (const part of parts) await writer.append(part);
  return writer.finish();
};

const stores = {
  'a store in shards of 4 rows': shards(4),
  'a store in shards of 1 row': shards(1),
  'a store in one shard': shards(1000),
  'a store in memory': async (parts: readonly ActivationRows[]) =>
    createMemoryStore(concatRows(parts)),
};

describe.each(Object.entries(stores))('%s', (_, make) => {
  for (const check of activationStoreConformance(make)) test(check.name, check.run);
});

const index = (folder: string) => JSON.parse(readFileSync(join(folder, 'store.json'), 'utf8'));

describe('a store on disk', () => {
  const format = createShardedStoreFormat({ shardRows: 4 });
  const rows = (count: number, value = 1): ActivationRows => ({
    text: new Int32Array(count),
    position: new Int32Array(count),
    token: new Int32Array(count),
    activations: new Map([['a', matrix(count, 2, new Float32Array(2 * count).fill(value))]]),
  });
  const write = async (folder: string, count: number): Promise<void> => {
    const writer = await format.create(folder, ['a']);
    await writer.append(rows(count));
    await writer.finish();
  };

  test('fills its shards but for the last', async () => {
    const folder = temporaryFolder();
    await write(folder, 10);
    const files = readdirSync(folder).sort();
    expect(files).toEqual([
      'shard-00000.safetensors',
      'shard-00001.safetensors',
      'shard-00002.safetensors',
      'store.json',
    ]);
    const store = await format.open(folder);
    expect(store.rows).toBe(10);
    expect((await store.read('a', 7, 9)).data).toEqual(Float32Array.of(1, 1, 1, 1));
  });

  test('cannot be opened before it is finished, not even over the remains of another', async () => {
    const folder = temporaryFolder();
    await write(folder, 6);
    const writer = await format.create(folder, ['a']);
    await writer.append(rows(5));
    await expect(format.open(folder)).rejects.toMatchObject({ code: 'run-invalid' });
    expect((await writer.finish()).rows).toBe(5);
    expect((await format.open(folder)).rows).toBe(5);
  });

  test.each<[string, (folder: string) => void]>([
    ['is empty', (f) => rmSync(f, { recursive: true })],
    ['has an index that is not JSON', (f) => writeFileSync(join(f, 'store.json'), '{')],
    [
      'has an index of something else',
      (f) => writeFileSync(join(f, 'store.json'), '{"format":"other"}'),
    ],
    ['lost a shard', (f) => rmSync(join(f, 'shard-00001.safetensors'))],
    ['has a shard cut short', (f) => truncateSync(join(f, 'shard-00000.safetensors'), 60)],
    [
      'has an index that counts other rows',
      (f) =>
        writeFileSync(
          join(f, 'store.json'),
          JSON.stringify({
            ...index(f),
            shards: index(f).shards.map((shard: object) => ({ ...shard, rows: 4 })),
          }),
        ),
    ],
  ])('that %s gives a FeedprintError', async (_, damage) => {
    const folder = temporaryFolder();
    await write(folder, 6);
    damage(folder);
    const use = async (): Promise<unknown> => {
      const store = await format.open(folder);
      return store.read('a', 0, store.rows);
    };
    await expect(use()).rejects.toMatchObject({ name: 'FeedprintError' });
  });

  test('refuses activations that are not finite', async () => {
    const writer = await format.create(temporaryFolder(), ['a']);
    await expect(writer.append(rows(4, NaN))).rejects.toMatchObject({ code: 'numbers-invalid' });
  });

  test('of no rows keeps that it has none, and its sites', async () => {
    const writer = await format.create(temporaryFolder(), ['a', 'b']);
    const store = await writer.finish();
    expect([store.rows, store.sites]).toEqual([0, ['a', 'b']]);
    const told = await format.create(temporaryFolder(), ['a']);
    await told.append(rows(0));
    const empty = await told.finish();
    expect([empty.width('a'), (await empty.read('a', 0, 0)).columns]).toEqual([2, 2]);
    expect(await empty.scale('a')).toEqual({ mean: Float32Array.of(0, 0), meanNorm: 0 });
  });

  test('removes the shards of a longer one before it', async () => {
    const folder = temporaryFolder();
    await write(folder, 12);
    await write(folder, 3);
    expect(readdirSync(folder).sort()).toEqual(['shard-00000.safetensors', 'store.json']);
  });

  test('finds one changed byte in a shard, and names the shard', async () => {
    const folder = temporaryFolder();
    await write(folder, 10);
    const path = join(folder, 'shard-00001.safetensors');
    const bytes = readFileSync(path);
    const sound = createHash('sha256').update(bytes).digest('hex');
    expect(index(folder).shards[1]).toEqual({ rows: 4, sha256: sound });
    const spoilt = Buffer.from(bytes);
    spoilt[spoilt.length - 3] = (spoilt.at(-3) as number) ^ 1; // In the activations.
    writeFileSync(path, spoilt);
    const store = await format.open(folder);
    expect((await store.read('a', 0, 4)).rows).toBe(4);
    await expect(store.read('a', 3, 5)).rejects.toMatchObject({
      code: 'run-invalid',
      message: expect.stringMatching(/shard-00001.*SHA-256 differs; capture .* again/),
    });
    // One that was put back is read again.
    writeFileSync(path, bytes);
    expect((await store.read('a', 3, 5)).rows).toBe(2);
  });

  test('finds a changed place that a row comes from when it is opened', async () => {
    const folder = temporaryFolder();
    await write(folder, 10);
    const path = join(folder, 'shard-00002.safetensors');
    const bytes = readFileSync(path);
    const at = 8 + Number(bytes.readBigUInt64LE()); // The first text.
    bytes[at] = 7;
    writeFileSync(path, bytes);
    await expect(format.open(folder)).rejects.toMatchObject({
      code: 'run-invalid',
      message: expect.stringMatching(/shard-00002/),
    });
  });
});

describe('a store of halves', () => {
  const format = createShardedStoreFormat({ shardRows: 4, dtype: 'float16' });
  const numbers = [1, -2.5, 1 / 3, 65_519, 1e-7, 3e-8, 2048.999, 2049, 2051, -0];
  const nearest = [1, -2.5, 0.333251953125, 65_504, 2 ** -23, 2 ** -24, 2048, 2048, 2052, -0];
  const rowsOf = (values: readonly number[]): ActivationRows => ({
    text: new Int32Array(values.length),
    position: new Int32Array(values.length),
    token: new Int32Array(values.length),
    activations: new Map([['a', matrix(values.length, 1, Float32Array.from(values))]]),
  });

  test('gives the nearest halves as f32 in half the bytes, and measures what it gives', async () => {
    const folder = temporaryFolder();
    const writer = await format.create(folder, ['a']);
    await writer.append(rowsOf(numbers));
    const store = await writer.finish();
    expect([...(await store.read('a', 0, 10)).data]).toEqual(nearest);
    expect([...(await store.read('a', 3, 6)).data]).toEqual(nearest.slice(3, 6));
    const mean = nearest.reduce((a, b) => a + b, 0) / nearest.length;
    expect((await store.scale('a')).mean).toEqual(Float32Array.of(mean));
    expect(index(folder).dtype).toBe('float16');
    const file = openSafetensors(join(folder, 'shard-00000.safetensors'));
    expect(file.tensors.get('a')).toMatchObject({ dtype: 'F16', shape: [4, 1] });
    file.close();
  });

  test('refuses what halves cannot hold, and says what can', async () => {
    const writer = await format.create(temporaryFolder(), ['a']);
    await expect(writer.append(rowsOf([1, 2, -65_520, 4]))).rejects.toMatchObject({
      code: 'numbers-invalid',
      message:
        'activations of a include -65520, which is too large for float16; store them as float32',
    });
  });
});
