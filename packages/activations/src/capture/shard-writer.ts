import { rm } from 'node:fs/promises';
import {
  FeedprintError,
  assertFinite,
  createScaleMeter,
  halfTable,
  matrix,
  toHalf,
  writeSafetensors,
} from '@feedprint/core';
import { hashFile, replaceFile, writeFlushed } from '@feedprint/core/files';
import type {
  ActivationStoreWriter,
  Matrix,
  Provenance,
  ScaleMeter,
  Site,
  TensorToWrite,
} from '@feedprint/core';
import { createAccumulator } from './accumulator.ts';
import { indexFile, journalFile, shardFile } from './shard-index.ts';
import type { StoreDtype, StoreIndex, StoreJournal } from './shard-index.ts';
import { checkShard, hashProvenance, openShardStore, withFile } from './shard-store.ts';

/**
 * Writes shards after those in the journal that are intact. Appending throws `numbers-invalid` for NaN and infinity,
 * and for numbers too large for halves.
 */
export async function createShardWriter(
  folder: string,
  journal: StoreJournal,
): Promise<ActivationStoreWriter> {
  const { dtype, shardRows, sites, shards: before, ...plan } = journal;
  const shards: { rows: number; sha256: string }[] = [];
  const provenance: Provenance[] = [];
  const meters = new Map<Site, ScaleMeter>();
  const measure = (site: Site, m: Matrix): void => {
    const meter = meters.get(site) ?? createScaleMeter(m.columns);
    meters.set(site, meter);
    meter.add(m);
  };
  const widths = new Map<Site, number>();
  for (const [i, shard] of before.entries()) {
    if (shard.rows !== shardRows) break; // The last shard, to which more rows may be added.
    const path = shardFile(folder, i);
    const whole = await checkShard(path, shard.sha256).then(
      () => true,
      () => false,
    );
    if (!whole) break;
    withFile(path, (file) => {
      provenance.push({
        text: file.readInts('text'),
        position: file.readInts('position'),
        token: file.readInts('token'),
      });
      for (const site of sites) {
        const width = file.tensors.get(site)?.shape[1] ?? 0;
        widths.set(site, width);
        measure(site, matrix(shard.rows, width, file.readFloats(site)));
      }
    });
    shards.push(shard);
  }
  const pending = createAccumulator(sites, widths);

  const writeJournal = (): Promise<void> =>
    writeJson(journalFile(folder), { ...plan, dtype, shardRows, sites, shards });
  const flush = async (count: number): Promise<void> => {
    const { activations, text, position, token } = pending.take(count);
    const tensors = [...activations].map(([site, m]) => {
      const { tensor, kept } = encode(site, m, dtype);
      measure(site, kept);
      return [site, tensor] as const;
    });
    const ints = (data: Int32Array): TensorToWrite => ({ shape: [count], data });
    const path = shardFile(folder, shards.length);
    await replaceFile(path, (aside) =>
      writeSafetensors(aside, {
        text: ints(text),
        position: ints(position),
        token: ints(token),
        ...Object.fromEntries(tensors),
      }),
    );
    shards.push({ rows: count, sha256: await hashFile(path) });
    provenance.push({ text, position, token });
    await writeJournal();
  };
  await writeJournal();

  return {
    rows: shards.length * shardRows,
    async append(rows) {
      pending.add(rows);
      while (pending.rows >= shardRows) await flush(shardRows);
    },
    async finish() {
      if (pending.rows > 0) await flush(pending.rows);
      const index: StoreIndex = {
        ...plan,
        dtype,
        shardRows,
        shards,
        provenance: hashProvenance(provenance),
        sites: sites.map((site) => {
          const width = pending.widths.get(site) ?? 0;
          const { mean, meanNorm } = (meters.get(site) ?? createScaleMeter(width)).result();
          return { site, width, meanNorm, mean: Array.from(mean) };
        }),
      };
      await writeJson(indexFile(folder), index);
      await rm(journalFile(folder), { force: true });
      return openShardStore(folder);
    },
  };
}

const writeJson = (path: string, value: StoreIndex | StoreJournal): Promise<void> =>
  replaceFile(path, (aside) => writeFlushed(aside, JSON.stringify(value)));

/** What is written for a site, and the numbers that will be read back from it. */
function encode(
  site: Site,
  m: Matrix,
  dtype: StoreDtype,
): { readonly tensor: TensorToWrite; readonly kept: Matrix } {
  const shape = [m.rows, m.columns];
  assertFinite(m.data, `activations of ${site}`);
  if (dtype === 'float32') return { tensor: { shape, data: m.data }, kept: m };
  const table = halfTable();
  const halves = new Uint16Array(m.data.length);
  const kept = matrix(m.rows, m.columns);
  for (let i = 0; i < halves.length; i++) {
    const value = m.data[i] as number;
    const half = toHalf(value);
    if ((half & 0x7fff) === INFINITE) throw tooLarge(site, value);
    halves[i] = half;
    kept.data[i] = table[half] as number;
  }
  return { tensor: { shape, data: halves }, kept };
}

const INFINITE = 0x7c00;

const tooLarge = (site: Site, value: number): FeedprintError =>
  new FeedprintError({
    code: 'numbers-invalid',
    message: `activations of ${site} include ${value}, which is too large for float16`,
    remedy: 'store them as float32',
  });
