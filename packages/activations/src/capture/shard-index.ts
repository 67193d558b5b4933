import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import { z } from 'zod';

/** Number types that shards can have. */
export const storeDtypes = ['float32', 'float16'] as const;
export type StoreDtype = (typeof storeDtypes)[number];

/** Everything that determines the files of a store. */
const planShape = {
  format: z.literal('feedprint-activations/2'),
  dtype: z.enum(storeDtypes),
  /** Rows in every shard but the last. */
  shardRows: z.int().positive(),
  origin: z.record(z.string(), z.string()).optional(),
};

const shards = z.array(z.strictObject({ rows: z.int().positive(), sha256: z.string() }));

const indexSchema = z.strictObject({
  ...planShape,
  shards,
  /** SHA-256 of the rows' texts, positions and tokens. */
  provenance: z.string(),
  sites: z.array(
    z.strictObject({
      site: z.string(),
      width: z.int().nonnegative(),
      meanNorm: z.number(),
      mean: z.array(z.number()),
    }),
  ),
});

const journalSchema = z.strictObject({ ...planShape, sites: z.array(z.string()), shards });

/** `store.json` of a finished store. */
export type StoreIndex = z.infer<typeof indexSchema>;
/** `store.partial.json` of a store that is being written: what is complete so far. */
export type StoreJournal = z.infer<typeof journalSchema>;

export const indexFile = (folder: string): string => join(folder, 'store.json');
export const journalFile = (folder: string): string => join(folder, 'store.partial.json');
export const shardFile = (folder: string, shard: number): string =>
  join(folder, `shard-${String(shard).padStart(5, '0')}.safetensors`);

/** Whether a file name belongs to a store, finished or not. */
export const isStoreFile = (name: string): boolean =>
  /^(store(\.partial)?\.json|shard-\d{5,}\.safetensors)(\.tmp)?$/.test(name);

/** Throws `run-invalid` for an index that is missing or invalid. */
export const readIndex = (folder: string): Promise<StoreIndex> =>
  readParsed(indexFile(folder), indexSchema);

/** Throws `run-invalid` for a journal that is missing or invalid. */
export const readJournal = (folder: string): Promise<StoreJournal> =>
  readParsed(journalFile(folder), journalSchema);

async function readParsed<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw invalidStore(path, cause);
  }
}

/** The `run-invalid` error for a store that cannot be read. */
export const invalidStore = (path: string, cause?: unknown): FeedprintError =>
  new FeedprintError({
    code: 'run-invalid',
    message: `${path} is not an activation store`,
    remedy: 'capture the activations again',
    cause,
  });
