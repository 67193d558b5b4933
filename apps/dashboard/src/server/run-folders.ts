import { constants } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** A run's folder and the name by which clients ask for it. */
export interface RunFolder {
  readonly id: string;
  readonly folder: string;
}

/**
 * Run folders right below `root`, or `root` alone if it is itself one. A run is a real folder with a real `events.jsonl`: links are
 * not followed, so nothing outside `root` is ever served. No root gives no runs.
 */
export async function listRunFolders(root: string): Promise<RunFolder[]> {
  if (await isRun(root)) return [{ id: basename(root), folder: root }];
  const runs: RunFolder[] = [];
  for (const entry of await entriesOf(root)) {
    const folder = join(root, entry.name);
    if (entry.isDirectory() && (await isRun(folder))) runs.push({ id: entry.name, folder });
  }
  return runs;
}

/** The run of this name, found among those listed: no path is ever made from a client's text. */
export async function findRunFolder(root: string, id: string): Promise<RunFolder | undefined> {
  return (await listRunFolders(root)).find((run) => run.id === id);
}

/** A plain file of a run, open for reading; `undefined` if there is none, or a link. */
export async function openRunFile(run: RunFolder, name: string): Promise<FileHandle | undefined> {
  try {
    // Windows has no O_NOFOLLOW; `isFile` holds there.
    if (!(await lstat(join(run.folder, name))).isFile()) return undefined;
    return await open(join(run.folder, name), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch {
    return undefined;
  }
}

export async function hasRunFile(run: RunFolder, name: string): Promise<boolean> {
  return isPlainFile(join(run.folder, name));
}

function isRun(folder: string): Promise<boolean> {
  return isPlainFile(join(folder, 'events.jsonl'));
}

async function isPlainFile(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isFile();
  } catch {
    return false;
  }
}

async function entriesOf(root: string) {
  try {
    return await readdir(root, { withFileTypes: true });
  } catch {
    return [];
  }
}
