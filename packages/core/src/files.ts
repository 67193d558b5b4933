import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, statSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FeedprintError } from './errors.ts';

export { makeOwnFolder, removeLeftFolders } from './temporary-folders.ts';

/** Flushes a file or a folder to the disk, so that a power cut cannot take it back. */
export async function flush(path: string, kind: 'file' | 'folder'): Promise<void> {
  const windows = process.platform === 'win32';
  if (windows && kind === 'folder') return; // Windows flushes folders itself and rejects requests to do so.
  const handle = await open(path, windows ? 'r+' : 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes a new file and flushes it. */
export async function writeFlushed(file: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Suffix of a file that is still being written. */
const ASIDE = '.tmp';

/**
 * Lets `write` make a flushed file next to its destination, then moves it there, so that it is either complete or
 * absent, whenever the process dies. Throws `output-unwritable`.
 */
export async function replaceFile(
  path: string,
  write: (aside: string) => void | Promise<void>,
): Promise<void> {
  const aside = path + ASIDE;
  try {
    await rm(aside, { force: true });
    await write(aside);
    await rename(aside, path);
    await flush(dirname(path), 'folder');
  } catch (error) {
    throw toOutputError(error, path);
  }
}

/** SHA-256 of a file, hexadecimal. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/**
 * Creates a folder and its missing parents; true if it did not exist. Node's own `recursive` never returns on file
 * systems such as /proc, where creating a folder fails as if the parent were missing.
 */
export function makeFolder(folder: string): boolean {
  if (isFolder(folder)) return false;
  const parent = dirname(folder);
  if (parent !== folder) makeFolder(parent);
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if (isFolder(folder)) return false; // Another process was faster.
    throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

const remedies: Readonly<Record<string, string>> = {
  ENOSPC: 'free some disk space or choose another folder, then run the same command again',
  EDQUOT: 'free some of your disk quota or choose another folder, then run the same command again',
  ENOTDIR: 'a part of the path is a file: choose a path below a folder',
  EEXIST: 'a file has this name: choose another path',
  EACCES: 'choose a folder that you may write to',
  EPERM: 'choose a folder that you may write to',
  EROFS: 'the file system is read-only: choose another folder',
};

/** The `output-unwritable` error for a failed system call on `path`; any other error unchanged. */
export function toOutputError(error: unknown, path: string): unknown {
  if (FeedprintError.is(error)) return error;
  const code = systemCode(error);
  if (code === undefined) return error;
  return new FeedprintError({
    code: 'output-unwritable',
    message: `cannot write ${path} (${code})`,
    remedy: remedies[code] ?? 'choose a folder on a writable disk',
    cause: error,
  });
}

/** `ENOSPC`, `EACCES`, ... of a failed system call, else `undefined`. */
export function systemCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if (!('code' in error) || !('syscall' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
