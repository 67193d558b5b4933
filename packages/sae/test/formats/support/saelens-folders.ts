import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSafetensors, writeSafetensors } from '@feedprint/core';
import type { TensorToWrite } from '@feedprint/core';
import { createSaeLensFormat } from '../../../src/formats/saelens.ts';
import { kinds, randomSae } from '../../support/saes.ts';

const root = mkdtempSync(join(tmpdir(), 'feedprint-sae-'));
let count = 0;

export const removeFolders = (): void => rmSync(root, { recursive: true, force: true });
export const newFolder = (): string => join(root, `${count++}`);
export const format = createSaeLensFormat({ threads: 1 });

interface Config {
  readonly [key: string]: unknown;
}
export const configOf = (folder: string): Config =>
  JSON.parse(readFileSync(join(folder, 'cfg.json'), 'utf8')) as Config;
export const configure = (folder: string, change: object): void =>
  writeFileSync(join(folder, 'cfg.json'), JSON.stringify({ ...configOf(folder), ...change }));

/** Adds to the weights on disk. */
export function rewrite(folder: string, more: Readonly<Record<string, TensorToWrite>>): void {
  const path = join(folder, 'sae_weights.safetensors');
  const file = openSafetensors(path);
  const tensors = [...file.tensors].map(
    ([name, { shape }]) => [name, { shape, data: file.readFloats(name) }] as const,
  );
  file.close();
  writeSafetensors(path, { ...Object.fromEntries(tensors), ...more });
}

/** A saved SAE, changed on disk. */
export async function saved(
  change: (folder: string) => void = () => undefined,
  kind = 'relu',
): Promise<string> {
  const folder = newFolder();
  await format.save(randomSae({ architecture: kinds[kind] ?? { kind: 'relu' } }), folder);
  change(folder);
  return folder;
}
