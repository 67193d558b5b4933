import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { flush, makeFolder, replaceFile, writeFlushed } from '@feedprint/core/files';

/**
 * Copies a checkpoint's files into a folder, and writes JSON beside them, each file as a whole or not at all. What is written comes last: it shows that the
 * others are there. Throws `output-unwritable`.
 */
export async function publishFolder(
  to: string,
  from: string,
  written: Readonly<Record<string, unknown>>,
): Promise<void> {
  makeFolder(to);
  for (const name of readdirSync(from).sort()) await copyFlushed(join(from, name), join(to, name));
  for (const [name, value] of Object.entries(written)) {
    await replaceFile(join(to, name), (aside) =>
      writeFlushed(aside, `${JSON.stringify(value, null, 1)}\n`),
    );
  }
}

/** Copies a file and flushes the copy. */
export const copyFlushed = (from: string, to: string): Promise<void> =>
  replaceFile(to, async (aside) => {
    copyFileSync(from, aside);
    await flush(aside, 'file');
  });
