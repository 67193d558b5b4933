import { existsSync, readdirSync, statSync } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { FeedprintError, openSafetensors } from '@feedprint/core';
import type { SaeFormat, SparseAutoencoder } from '@feedprint/core';
import { makeOwnFolder, removeLeftFolders } from '@feedprint/core/files';

export interface WriteOptions {
  readonly format: SaeFormat;
  /** New folder. */
  readonly out: string;
  /** Where the SAE was read from: how often its features fire is taken along, if that is known there. */
  readonly from: string;
}

/** Saves an SAE as a new folder, complete or not at all. Throws `output-unwritable`. */
export async function writeSae(
  sae: SparseAutoencoder,
  { format, out, from }: WriteOptions,
): Promise<void> {
  const target = resolve(out);
  try {
    await mkdir(dirname(target), { recursive: true });
    const prefix = `.tmp-${basename(target)}-`;
    removeLeftFolders(dirname(target), prefix);
    const aside = makeOwnFolder(dirname(target), prefix);
    try {
      await format.save(sae, aside);
      const sparsity = sparsityFile(from, sae.dSae);
      if (sparsity !== undefined) await copyFile(sparsity, join(aside, SPARSITY));
      await rename(aside, target);
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
  } catch (cause) {
    if (FeedprintError.is(cause)) throw cause;
    throw new FeedprintError({
      code: 'output-unwritable',
      message: `cannot write ${out} (${(cause as NodeJS.ErrnoException).code ?? String(cause)})`,
      remedy: 'choose a new folder on a disk that can be written',
      cause,
    });
  }
}

/** Throws `output-unwritable` unless a folder is new or empty. */
export function checkIsFree(out: string): void {
  if (!existsSync(out)) return;
  const isFolder = statSync(out).isDirectory();
  if (isFolder && readdirSync(out).length === 0) return;
  throw new FeedprintError({
    code: 'output-unwritable',
    message: `${out} ${isFolder ? 'is not empty' : 'is a file'}`,
    remedy: 'choose a new or an empty folder',
  });
}

const SPARSITY = 'sparsity.safetensors';

/** SAELens' file of firing frequencies beside an SAE, if it is one of as many features. */
function sparsityFile(from: string, dSae: number): string | undefined {
  const folder = statSync(from).isDirectory() ? from : dirname(from);
  const path = join(folder, SPARSITY);
  if (!existsSync(path)) return undefined;
  const file = openSafetensors(path);
  try {
    const shape = file.tensors.get('sparsity')?.shape;
    return shape?.length === 1 && shape[0] === dSae ? path : undefined;
  } finally {
    file.close();
  }
}
