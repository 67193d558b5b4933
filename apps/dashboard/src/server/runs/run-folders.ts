import { constants } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { notFound, Refused } from '../http/respond.ts';

/** A run's folder and the name by which clients ask for it: its path below the root, with slashes. */
export interface RunFolder {
  readonly id: string;
  readonly folder: string;
}

/** The runs below a folder. */
export interface FolderIndex {
  list(): Promise<readonly RunFolder[]>;
  /** The run of this name, found among those listed: no path is ever made from a client's text. Throws a refusal. */
  find(id: string): Promise<RunFolder>;
}

/** Folders below each other that are looked into, and folders in all. */
const MOST_LEVELS = 8;
const MOST_FOLDERS = 20_000;
/** What runs keep in themselves, and what holds no runs of ours. */
const skipped = new Set(['stages', 'tables', 'checkpoints', 'node_modules']);

export function createFolderIndex(root: string): FolderIndex {
  /** As they were listed last; folders seldom move. */
  let known: readonly RunFolder[] = [];
  const list = async (): Promise<readonly RunFolder[]> => (known = await listRunFolders(root));
  return {
    list,
    find: async (id) => {
      const named = (run: RunFolder): boolean => run.id === id;
      const run = known.find(named) ?? (await list()).find(named);
      if (run && (await isFolder(run.folder)) && (await isRun(run.folder))) return run;
      throw notFound('There is no such run.');
    },
  };
}

/**
 * Run folders at any depth below `root`, and `root` itself if it is one. A run is a real folder with a real `events.jsonl`: links are
 * not followed, so nothing outside `root` is ever served. No root gives no runs.
 */
export async function listRunFolders(root: string): Promise<RunFolder[]> {
  const runs: RunFolder[] = [];
  let looked = 0;
  const look = async (folder: string, id: string, level: number): Promise<void> => {
    if (looked++ > MOST_FOLDERS) return;
    if (await isRun(folder)) runs.push({ id: id || basename(root), folder });
    if (level === MOST_LEVELS) return;
    for (const entry of await entriesOf(folder)) {
      if (!entry.isDirectory() || entry.name.startsWith('.') || skipped.has(entry.name)) continue;
      await look(join(folder, entry.name), id ? `${id}/${entry.name}` : entry.name, level + 1);
    }
  };
  await look(root, '', 0);
  return runs;
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

/** The text of a plain file of a run; `undefined` if there is none, or a link, or one that is too long to be ours. */
export async function readRunText(run: RunFolder, name: string): Promise<string | undefined> {
  const file = await openRunFile(run, name);
  if (!file) return undefined;
  try {
    return (await file.stat()).size > MOST_BYTES ? undefined : await file.readFile('utf8');
  } finally {
    await file.close();
  }
}
const MOST_BYTES = 1 << 28;

export const hasRunFile = (run: RunFolder, name: string): Promise<boolean> =>
  isPlainFile(join(run.folder, name));

/** Path of a table of a run that DuckDB may open: a plain file in a real folder. Throws a refusal. */
export async function tablePath({ folder }: RunFolder, table: string): Promise<string> {
  const path = join(folder, 'tables', `${table}.parquet`);
  if (
    /^[\w-]+$/.test(table) &&
    (await isFolder(join(folder, 'tables'))) &&
    (await isPlainFile(path))
  ) {
    return path;
  }
  throw notFound(`This run has no table ${table}.`);
}

/** Refuses for a run in which the files that stages keep, or those that say what they were made from, are links. */
export async function checkOwn({ folder }: RunFolder): Promise<void> {
  const stages = join(folder, 'stages');
  const kept = (await isLink(stages)) ? [] : await entriesOf(stages, true);
  const links = await Promise.all(
    ['stages', 'models.json', 'run.json'].map((name) => isLink(join(folder, name))),
  );
  if (!links.includes(true) && !kept.some((entry) => entry.isSymbolicLink())) return;
  const message = 'Files of this run are links to others, which are not followed.';
  throw new Refused(422, 'run-invalid', message);
}

/** Names of the tables of a run: plain files in a real folder. */
export async function tableNames({ folder }: RunFolder): Promise<string[]> {
  const tables = join(folder, 'tables');
  if (!(await isFolder(tables))) return [];
  const names = (await entriesOf(tables)).flatMap((entry) => {
    const name = entry.isFile() && /^([\w-]+)\.parquet$/.exec(entry.name)?.[1];
    return name ? [name] : [];
  });
  return names.sort();
}

/** Whether a run has a table. */
export const hasTable = (run: RunFolder, table: string): Promise<boolean> =>
  tablePath(run, table).then(
    () => true,
    () => false,
  );

const isRun = (folder: string): Promise<boolean> => isPlainFile(join(folder, 'events.jsonl'));

async function isPlainFile(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isFile();
  } catch {
    return false;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isDirectory();
  } catch {
    return false;
  }
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch {
    return false;
  }
}

async function entriesOf(root: string, recursive = false) {
  try {
    return await readdir(root, { withFileTypes: true, recursive });
  } catch {
    return [];
  }
}
