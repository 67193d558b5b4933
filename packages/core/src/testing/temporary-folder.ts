import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

/** Makes new empty folders; `afterAll` removes them at the end of a test file. */
export function temporaryFolders(
  afterAll: (cleanUp: () => Promise<void>) => void,
): () => Promise<string> {
  const folders: string[] = [];
  afterAll(async () => {
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), 'feedprint-test-'));
    folders.push(folder);
    return folder;
  };
}

/** Path -> SHA-256 of every file below a folder, the event log (which contains times) left out. */
export async function hashTree(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name !== 'events.jsonl')
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const hashes: Record<string, string> = {};
  for (const file of files) {
    const hash = createHash('sha256').update(await readFile(file));
    hashes[relative(folder, file)] = hash.digest('hex');
  }
  return hashes;
}

/** A clock that starts at a fixed time and moves one second each time it is read. */
export function tickingClock(): () => Date {
  let time = Date.UTC(2026, 0, 1);
  return () => new Date((time += 1000));
}
