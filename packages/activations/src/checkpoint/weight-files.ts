import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FeedprintError, openSafetensors } from '@feedprint/core';
import type { SafetensorsFile } from '@feedprint/core';
import { z } from 'zod';
import { readJson } from './json.ts';
import { pickleConversion } from './pickle-conversion.ts';
import { weightInfo } from './weight-source.ts';
import type { WeightSource } from './weight-source.ts';

const indexSchema = z.looseObject({
  weight_map: z
    .record(z.string(), z.string())
    .refine((map) => Object.keys(map).length > 0, 'names no weights'),
});

/**
 * Opens the safetensors of a checkpoint folder: `model.safetensors`, or the shards that `model.safetensors.index.json`
 * names. Throws `checkpoint-invalid`, or `checkpoint-unsupported` for a folder whose weights are only in another
 * format.
 */
export function openWeightFiles(folder: string): WeightSource {
  const single = join(folder, 'model.safetensors');
  const index = join(folder, 'model.safetensors.index.json');
  if (!existsSync(single) && existsSync(index)) return openShards(folder, index);
  assertNoOtherFormat(folder);
  const file = openSafetensors(single);
  return sourceOf(new Map([...file.tensors.keys()].map((name) => [name, file])), [file], [single]);
}

function openShards(folder: string, index: string): WeightSource {
  const parsed = indexSchema.safeParse(readJson(index));
  if (!parsed.success) {
    throw badIndex(index, z.prettifyError(parsed.error).replaceAll(/\s+/g, ' '));
  }
  const map = Object.entries(parsed.data.weight_map);
  const shards = [...new Set(map.map(([, shard]) => shard))].sort();
  const outside = shards.find((shard) => !/^[^/\\]+\.safetensors$/.test(shard));
  if (outside !== undefined) {
    throw badIndex(
      index,
      `it names ${JSON.stringify(outside)}, which is not a safetensors file next to it`,
    );
  }
  const missing = shards.filter((shard) => !existsSync(join(folder, shard)));
  if (missing.length > 0) {
    const others = missing.length > 1 ? ` and ${missing.length - 1} more` : '';
    throw badIndex(index, `${missing[0]}${others} of ${shards.length} shards are missing`);
  }
  const files = new Map<string, SafetensorsFile>();
  try {
    for (const shard of shards) files.set(shard, openSafetensors(join(folder, shard)));
    const owners = map.map(([name, shard]) => {
      const file = files.get(shard) as SafetensorsFile;
      if (file.tensors.has(name)) return [name, file] as const;
      throw badIndex(index, `it says that ${shard} has ${name}, which it does not`);
    });
    const paths = [index, ...shards.map((shard) => join(folder, shard))];
    return sourceOf(new Map(owners), [...files.values()], paths);
  } catch (error) {
    for (const file of files.values()) file.close();
    throw error;
  }
}

function sourceOf(
  owners: ReadonlyMap<string, SafetensorsFile>,
  opened: readonly SafetensorsFile[],
  files: readonly string[],
): WeightSource {
  return {
    files,
    tensors: new Map([...owners].map(([name, file]) => [name, weightInfo(file, name)])),
    read: (name) => (owners.get(name) as SafetensorsFile).readFloats(name),
    close: () => opened.forEach((file) => file.close()),
  };
}

const badIndex = (index: string, problem: string): FeedprintError =>
  new FeedprintError({
    code: 'checkpoint-invalid',
    message: `${index} cannot be used: ${problem}`,
    remedy: 'download or export the checkpoint again, with all of its shards',
  });

/** Throws for a folder that has the weights in another format and no safetensors. */
function assertNoOtherFormat(folder: string): void {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  if (names.includes('model.safetensors')) return;
  const pickle = names.find((name) => /^pytorch_model.*\.bin$/.test(name));
  const other = names.find((name) => /\.(gguf|h5|msgpack|onnx|pth|pt|bin)$/.test(name));
  const found = pickle ?? other;
  if (found === undefined) return;
  throw new FeedprintError({
    code: 'checkpoint-unsupported',
    message: `${folder} contains ${found} and no safetensors`,
    remedy: pickle
      ? `convert the weights once, without running code from them: ${pickleConversion(folder)}`
      : 'use a checkpoint with model.safetensors',
  });
}
