import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeSafetensors } from '@feedprint/core';
import { temporaryFolder, tinyWeights, tinyTokenizer } from './tiny-checkpoint.ts';

interface GoldenCase {
  readonly config: Readonly<Record<string, unknown>>;
  readonly weights: Readonly<Record<string, readonly number[]>>;
}

const root = fileURLToPath(new URL('../golden/adapters/', import.meta.url));

/** By name: the base that each adapter of tools/golden/adapters.py was made for. */
export const goldenAdapters = (
  JSON.parse(readFileSync(join(root, 'cases.json'), 'utf8')) as {
    readonly cases: Readonly<Record<string, GoldenCase>>;
  }
).cases;

/** Folder of an adapter, with the weights that merging it changes in `merged.safetensors`. */
export const goldenAdapter = (name: string): string => join(root, name);

/** Writes the base of an adapter; its tensors may be given other names. */
export function goldenBase(name: string, rename = (weight: string): string => weight): string {
  const { config, weights } = goldenAdapters[name] as GoldenCase;
  const folder = temporaryFolder();
  const tensors = Object.entries(weights).map(
    ([weight, shape]) => [rename(weight), { shape, data: tinyWeights(weight, shape, 0) }] as const,
  );
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(tinyTokenizer()));
  writeSafetensors(join(folder, 'model.safetensors'), Object.fromEntries(tensors));
  return folder;
}
