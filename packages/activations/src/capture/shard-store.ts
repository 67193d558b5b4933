import { createHash } from 'node:crypto';
import { FeedprintError, matrix, openSafetensors } from '@feedprint/core';
import { hashFile } from '@feedprint/core/files';
import type { ActivationStore, Provenance, SafetensorsFile, Site } from '@feedprint/core';
import { checkRange } from './check-range.ts';
import { indexFile, invalidStore, readIndex, shardFile } from './shard-index.ts';

/**
 * Opens a finished store. A shard's SHA-256 is checked when its activations are first read; where rows come from is
 * checked at once. Throws `run-invalid`, naming the file, for files that are missing or were changed.
 */
export async function openShardStore(folder: string): Promise<ActivationStore> {
  const { shards, sites, provenance: expected } = await readIndex(folder);
  let total = 0;
  const starts = shards.map(({ rows }) => (total += rows) - rows);
  const checks = new Map<number, Promise<void>>();
  const check = (shard: number): Promise<void> => {
    const checking =
      checks.get(shard) ?? checkShard(shardFile(folder, shard), shards[shard]?.sha256 ?? '');
    checks.set(shard, checking);
    checking.catch(() => checks.delete(shard));
    return checking;
  };
  const info = (site: Site) => {
    const found = sites.find((s) => s.site === site);
    if (found) return found;
    throw new FeedprintError({
      code: 'usage',
      message: `${folder} has no activations of ${site}`,
      remedy: `read one of ${sites.map((s) => s.site).join(', ')}`,
    });
  };
  const readProvenance = (): Provenance | undefined => {
    const column = (name: keyof Provenance): Int32Array => {
      const all = new Int32Array(total);
      starts.forEach((start, shard) =>
        all.set(
          withFile(shardFile(folder, shard), (file) => file.readInts(name)),
          start,
        ),
      );
      return all;
    };
    try {
      const read = {
        text: column('text'),
        position: column('position'),
        token: column('token'),
      };
      return hashProvenance([read]) === expected ? read : undefined;
    } catch {
      return undefined;
    }
  };
  const provenance = readProvenance();
  if (!provenance) {
    for (const shard of shards.keys()) await check(shard);
    throw invalidStore(indexFile(folder));
  }
  return {
    sites: sites.map(({ site }) => site),
    rows: total,
    provenance,
    width: (site) => info(site).width,
    async read(site, start, end) {
      const { width } = info(site);
      checkRange(folder, start, end, total);
      const result = matrix(end - start, width);
      for (const [shard, { rows }] of shards.entries()) {
        const first = starts[shard] as number;
        const [from, to] = [Math.max(start, first), Math.min(end, first + rows)];
        if (from >= to) continue;
        await check(shard);
        const part = withFile(shardFile(folder, shard), (file) =>
          file.readFloatRange(site, (from - first) * width, (to - first) * width),
        );
        result.data.set(part, (from - start) * width);
      }
      return result;
    },
    async scale(site) {
      const { mean, meanNorm } = info(site);
      return { mean: Float32Array.from(mean), meanNorm };
    },
  };
}

/** SHA-256 over all texts, then all positions, then all tokens of the parts. */
export function hashProvenance(parts: readonly Provenance[]): string {
  const hash = createHash('sha256');
  for (const name of ['text', 'position', 'token'] as const) {
    for (const { [name]: ints } of parts) {
      hash.update(new Uint8Array(ints.buffer, ints.byteOffset, ints.byteLength));
    }
  }
  return hash.digest('hex');
}

/** Throws `run-invalid` unless a file has the expected SHA-256. */
export async function checkShard(path: string, sha256: string): Promise<void> {
  const found = await hashFile(path).catch((error: NodeJS.ErrnoException) => error);
  if (found === sha256) return;
  const [problem, cause] =
    typeof found === 'string'
      ? ['was changed after it was written: its SHA-256 differs']
      : [`cannot be read (${found.code})`, found];
  throw new FeedprintError({
    code: 'run-invalid',
    message: `${path} ${problem}`,
    remedy: 'capture the activations again',
    cause,
  });
}

/** Opens a file for the duration of one use. */
export function withFile<T>(path: string, use: (file: SafetensorsFile) => T): T {
  const file = openSafetensors(path);
  try {
    return use(file);
  } finally {
    file.close();
  }
}
