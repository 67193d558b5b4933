import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  FeedprintError,
  assertFinite,
  createScaleMeter,
  matrix,
  openSafetensors,
  writeSafetensors,
} from '@feedprint/core';
import type {
  ActivationStore,
  ActivationStoreFormat,
  ActivationStoreWriter,
  Provenance,
  SafetensorsFile,
  ScaleMeter,
  Site,
  SiteScale,
} from '@feedprint/core';
import { z } from 'zod';
import { createAccumulator } from './accumulator.ts';
import { checkRange } from './check-range.ts';

const indexSchema = z.strictObject({
  format: z.literal('feedprint-activations/1'),
  shardRows: z.array(z.int().nonnegative()),
  sites: z.array(
    z.strictObject({
      site: z.string(),
      width: z.int().positive(),
      meanNorm: z.number(),
      mean: z.array(z.number()),
    }),
  ),
});

export interface ShardOptions {
  /** Rows per shard. Default 16,384. */
  readonly shardRows?: number;
}

/**
 * Activations as safetensors shards (f32) with an index: `store.json`, `shard-00000.safetensors`, ...
 * Appending throws `numbers-invalid` for NaN or infinity.
 */
export function createShardedStoreFormat({
  shardRows = 16_384,
}: ShardOptions = {}): ActivationStoreFormat {
  return {
    name: 'safetensors-shards',
    create: (folder, sites) => createWriter(folder, sites, shardRows),
    open: openStore,
  };
}

const shardFile = (folder: string, shard: number): string =>
  join(folder, `shard-${String(shard).padStart(5, '0')}.safetensors`);

async function createWriter(
  folder: string,
  sites: readonly Site[],
  shardRows: number,
): Promise<ActivationStoreWriter> {
  await mkdir(folder, { recursive: true });
  // What another store left here must not make an unfinished one look finished.
  await rm(join(folder, 'store.json'), { force: true });
  const pending = createAccumulator(sites);
  const written: number[] = [];
  const meters = new Map<Site, ScaleMeter>();

  const flush = (count: number): void => {
    const rows = pending.take(count);
    writeSafetensors(shardFile(folder, written.length), {
      text: { shape: [count], data: rows.text },
      position: { shape: [count], data: rows.position },
      token: { shape: [count], data: rows.token },
      ...Object.fromEntries(
        [...rows.activations].map(([site, m]) => [
          site,
          { shape: [m.rows, m.columns], data: m.data },
        ]),
      ),
    });
    for (const [site, m] of rows.activations) {
      assertFinite(m.data, `activations of ${site}`);
      const meter = meters.get(site) ?? createScaleMeter(m.columns);
      meters.set(site, meter);
      meter.add(m);
    }
    written.push(count);
  };

  return {
    async append(rows) {
      pending.add(rows);
      while (pending.rows >= shardRows) flush(shardRows);
    },
    async finish() {
      if (pending.rows > 0) flush(pending.rows);
      const index: z.infer<typeof indexSchema> = {
        format: 'feedprint-activations/1',
        shardRows: written,
        sites: [...meters].map(([site, meter]) => {
          const { mean, meanNorm } = meter.result();
          return { site, width: mean.length, meanNorm, mean: Array.from(mean) };
        }),
      };
      await writeFile(join(folder, 'store.json'), JSON.stringify(index));
      return openStore(folder);
    },
  };
}

async function openStore(folder: string): Promise<ActivationStore> {
  const path = join(folder, 'store.json');
  const parsed = indexSchema.safeParse(await readIndex(path));
  if (!parsed.success) throw invalidStore(path);
  const { shardRows, sites } = parsed.data;
  const starts = shardRows.map((_, i) =>
    shardRows.slice(0, i).reduce((sum, count) => sum + count, 0),
  );
  const total = shardRows.reduce((sum, count) => sum + count, 0);
  const info = (site: Site) => {
    const found = sites.find((s) => s.site === site);
    if (found) return found;
    throw new FeedprintError({
      code: 'usage',
      message: `${folder} holds no activations of ${site}`,
      remedy: `read one of ${sites.map((s) => s.site).join(', ')}`,
    });
  };
  const withShard = <T>(shard: number, read: (file: SafetensorsFile) => T): T => {
    const file = openSafetensors(shardFile(folder, shard));
    try {
      return read(file);
    } finally {
      file.close();
    }
  };
  const column = (name: keyof Provenance): Int32Array => {
    const all = new Int32Array(total);
    starts.forEach((start, shard) =>
      all.set(
        withShard(shard, (file) => file.readInts(name)),
        start,
      ),
    );
    return all;
  };
  return {
    sites: sites.map(({ site }) => site),
    rows: total,
    provenance: { text: column('text'), position: column('position'), token: column('token') },
    width: (site) => info(site).width,
    async read(site, start, end) {
      const { width } = info(site);
      checkRange(folder, start, end, total);
      const result = matrix(end - start, width);
      starts.forEach((first, shard) => {
        const from = Math.max(start, first);
        const to = Math.min(end, first + (shardRows[shard] as number));
        if (from >= to) return;
        const part = withShard(shard, (file) =>
          file.readFloatRange(site, (from - first) * width, (to - first) * width),
        );
        result.data.set(part, (from - start) * width);
      });
      return result;
    },
    async scale(site): Promise<SiteScale> {
      const { mean, meanNorm } = info(site);
      return { mean: Float32Array.from(mean), meanNorm };
    },
  };
}

async function readIndex(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    throw invalidStore(path);
  }
}

const invalidStore = (path: string): FeedprintError =>
  new FeedprintError({
    code: 'run-invalid',
    message: `${path} is no activation store`,
    remedy: 'capture the activations again',
  });
