import { readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { concatRows } from './concat-rows.ts';
import { matrix } from '@feedprint/core';
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
            format: 'feedprint-activations/1',
            shardRows: [4, 4],
            sites: [{ site: 'a', width: 2, meanNorm: 1, mean: [1, 1] }],
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

  test('of no rows keeps that it has none', async () => {
    const writer = await format.create(temporaryFolder(), ['a']);
    expect((await writer.finish()).rows).toBe(0);
  });
});
