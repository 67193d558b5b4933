import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import { makeFolder, toOutputError } from '@feedprint/core/files';
import type { ActivationStoreFormat, ActivationStoreWriter, StoreOrigin } from '@feedprint/core';
import { indexFile, isStoreFile, journalFile, readIndex, readJournal } from './shard-index.ts';
import type { StoreDtype, StoreJournal } from './shard-index.ts';
import { openShardStore } from './shard-store.ts';
import { createShardWriter } from './shard-writer.ts';

export interface ShardOptions {
  /** Rows per shard. Default 16,384. */
  readonly shardRows?: number;
  /** Number type in the shards; halves are rounded to nearest, ties to even. Default float32. */
  readonly dtype?: StoreDtype;
}

/**
 * Activations as safetensors shards, each with its SHA-256 in an index: `store.json`, `shard-00000.safetensors`, ...
 * Shards are either complete or absent; the index is written last. Appending throws `numbers-invalid` for NaN and
 * infinity, and for numbers too large for float16.
 */
export function createShardedStoreFormat({
  shardRows = 16_384,
  dtype = 'float32',
}: ShardOptions = {}): ActivationStoreFormat {
  return {
    name: 'safetensors-shards',
    settings: { dtype },
    async create(folder, sites, origin) {
      const plan: StoreJournal = {
        format: 'feedprint-activations/2',
        dtype,
        shardRows,
        ...(origin && { origin: { ...origin } }),
        sites: [...sites],
        shards: [],
      };
      prepareFolder(folder);
      if (origin) return continueStore(folder, plan);
      await clear(folder);
      return createShardWriter(folder, plan);
    },
    open: openShardStore,
  };
}

async function continueStore(folder: string, plan: StoreJournal): Promise<ActivationStoreWriter> {
  if (existsSync(indexFile(folder))) {
    const { sites, ...before } = await readIndex(folder);
    checkSame(folder, { ...before, sites: sites.map(({ site }) => site) }, plan);
    await rm(journalFile(folder), { force: true });
    return completeStore(folder, before.shards);
  }
  if (existsSync(journalFile(folder))) {
    const before = await readJournal(folder);
    checkSame(folder, before, plan);
    return createShardWriter(folder, before);
  }
  const foreign = (await readdir(folder)).find((name) => !isStoreFile(name));
  if (foreign !== undefined) {
    throw new FeedprintError({
      code: 'run-invalid',
      message: `${folder} is not empty and contains no activations (${foreign})`,
      remedy: 'choose a new or empty folder, or the folder of an earlier capture',
    });
  }
  await clear(folder);
  return createShardWriter(folder, plan);
}

/** A store that is already complete. */
function completeStore(
  folder: string,
  shards: readonly { readonly rows: number }[],
): ActivationStoreWriter {
  return {
    rows: shards.reduce((sum, { rows }) => sum + rows, 0),
    append({ text }) {
      if (text.length === 0) return Promise.resolve();
      throw new FeedprintError({
        code: 'usage',
        message: `the store ${folder} is finished`,
        remedy: 'do not append rows to a finished store',
      });
    },
    finish: () => openShardStore(folder),
  };
}

/** Throws `run-invalid`, saying what differs, for a store of another origin. */
function checkSame(
  folder: string,
  before: Omit<StoreJournal, 'shards'>,
  plan: Omit<StoreJournal, 'shards'>,
): void {
  const [a, b] = [describe(before), describe(plan)];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((k) => a[k] !== b[k]);
  if (keys.length === 0) return;
  const shown = keys.slice(0, 3).map((k) => `${k} ${shorten(a[k])}, now ${shorten(b[k])}`);
  throw new FeedprintError({
    code: 'run-invalid',
    message: `${folder} contains the activations of another capture (${shown.join('; ')})`,
    remedy: 'repeat that capture with its own options, or choose another folder',
  });
}

const describe = ({
  sites,
  dtype,
  shardRows,
  origin,
}: Omit<StoreJournal, 'shards'>): StoreOrigin => ({
  ...origin,
  sites: sites.join(','),
  dtype,
  shardRows: `${shardRows}`,
});

/** Shortens hashes to their first characters. */
const shorten = (value = '-'): string =>
  /^[0-9a-f]{64}$/.test(value) ? value.slice(0, 12) : value;

function prepareFolder(folder: string): void {
  try {
    makeFolder(folder);
  } catch (error) {
    throw toOutputError(error, folder);
  }
}

/** Removes what an earlier store left behind, its index first: an unfinished store must not look finished. */
async function clear(folder: string): Promise<void> {
  try {
    await rm(indexFile(folder), { force: true });
    for (const name of await readdir(folder)) {
      if (isStoreFile(name)) await rm(join(folder, name), { force: true });
    }
  } catch (error) {
    throw toOutputError(error, folder);
  }
}
