import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeSafetensors } from '@feedprint/core';
import { temporaryFolder, tinyWeights, tinyTokenizer } from './tiny-checkpoint.ts';

interface GoldenCase {
  readonly config: Readonly<Record<string, unknown>>;
  readonly weights: Readonly<Record<string, readonly number[]>>;
}

interface AdaptedCase extends GoldenCase {
  /** Logits after each row's last token, or its scores. */
  readonly outputs: readonly (readonly number[])[];
}

const root = (name: string): string =>
  fileURLToPath(new URL(`../golden/${name}/`, import.meta.url));
const read = (folder: string): unknown =>
  JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8'));

/** By name: the base that each adapter of tools/golden/adapters.py was made for. */
export const goldenAdapters = (
  read(root('adapters')) as { readonly cases: Readonly<Record<string, GoldenCase>> }
).cases;

/** By name: what peft computes with each adapter of tools/golden/adapted_logits.py, unmerged, for the rows. */
export const adaptedLogits = read(root('adapted-logits')) as {
  readonly rows: readonly (readonly number[])[];
  readonly cases: Readonly<Record<string, AdaptedCase>>;
};

/** Folder of an adapter, with the weights that merging it changes in `merged.safetensors`. */
export const goldenAdapter = (name: string): string => join(root('adapters'), name);
export const adaptedLogitsAdapter = (name: string): string => join(root('adapted-logits'), name);

/** Writes the base of an adapter; its tensors may be given other names. */
export const goldenBase = (name: string, rename?: (weight: string) => string): string =>
  writeBase(goldenAdapters[name] as GoldenCase, rename);

export function writeBase(
  { config, weights }: GoldenCase,
  rename = (weight: string): string => weight,
): string {
  const folder = temporaryFolder();
  const tensors = Object.entries(weights).map(
    ([weight, shape]) => [rename(weight), { shape, data: tinyWeights(weight, shape, 0) }] as const,
  );
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(tinyTokenizer()));
  writeSafetensors(join(folder, 'model.safetensors'), Object.fromEntries(tensors));
  return folder;
}
