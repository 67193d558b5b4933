import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** This machine, as names of folders have it: process numbers mean nothing on another one that shares the disk. */
const host = hostname().replaceAll(/\W/g, '_');

/** A new folder in `parent` that is this process's: if it dies, `removeLeftFolders` can tell. */
export const makeOwnFolder = (parent: string, prefix: string): string =>
  mkdtempSync(join(parent, `${prefix}${host}-${process.pid}-`));

/** Removes what processes that are dead left in `parent` of folders that `makeOwnFolder` made, whose names begin with `prefix`. */
export function removeLeftFolders(parent: string, prefix: string): void {
  for (const name of namesIn(parent)) {
    const [, rest = '', owner = ''] = /^(.*?)(\d+)-[A-Za-z0-9]{6}$/.exec(name) ?? [];
    if (!rest.startsWith(prefix) || !rest.endsWith(`${host}-`) || isAlive(Number(owner))) continue;
    try {
      rmSync(join(parent, name), { recursive: true, force: true });
    } catch {
      // Another user's, or another process is removing it just now: it harms nobody.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
