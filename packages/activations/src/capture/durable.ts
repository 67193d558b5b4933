import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, statSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FeedprintError } from '@feedprint/core';

/** Ends the name of a file that is being written. */
export const ASIDE = '.tmp';

/**
 * Lets `write` make a file beside its place and puts it there, so that it is whole or not there whenever the process dies.
 * Throws `output-unwritable`.
 */
export async function replaceFile(
  path: string,
  write: (aside: string) => void | Promise<void>,
): Promise<void> {
  const aside = path + ASIDE;
  await toUnwritable(path, async () => {
    await write(aside);
    await rename(aside, path);
    await flushFolder(dirname(path));
  });
}

/** Writes a small file that is on the disk when this returns. */
export async function writeFlushed(path: string, content: string): Promise<void> {
  const handle = await open(path, 'w');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return; // Windows flushes folders itself and refuses to be asked.
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder and its missing parents. Throws `output-unwritable`. */
export async function ensureFolder(folder: string): Promise<void> {
  // Node's own `recursive` never returns where a folder cannot be made although its parent is there, such as in /proc.
  const make = (path: string): void => {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
    const parent = dirname(path);
    if (parent !== path) make(parent);
    mkdirSync(path);
  };
  await toUnwritable(folder, () => make(folder));
}

/** SHA-256 of a file, hexadecimal. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/** Failed system calls of `work` as `output-unwritable`; other errors unchanged. */
export async function toUnwritable(path: string, work: () => void | Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (FeedprintError.is(cause) || code === undefined) throw cause;
    throw new FeedprintError({
      code: 'output-unwritable',
      message: `cannot write ${path} (${code})`,
      remedy: 'free space or choose a folder that can be written',
      cause,
    });
  }
}
