import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import { z } from 'zod';
import { systemCode } from '@feedprint/core/files';

const ownerSchema = z.object({
  pid: z.int().positive(),
  host: z.string(),
  /** When the process started, if the system tells: a process number may be reused. */
  started: z.string().optional(),
});

export const lockName = 'run.lock';
const heldHere = new Set<string>();

/** True for the lock file and for what a killed process may leave next to it. */
export function isLockFile(name: string): boolean {
  return name === lockName || name.startsWith(`${lockName}.`);
}

/**
 * Makes this process the only writer of a run folder until the returned function is called. A dead process's lock is taken over.
 * Throws `run-invalid` while another process, or another store of this process, holds the folder.
 */
export function lockRun(folder: string): () => void {
  const lock = join(folder, lockName);
  const mine = `${lock}.${randomUUID()}`;
  const started = startOf(process.pid);
  const owner = JSON.stringify({ pid: process.pid, host: hostname(), started });
  for (let attempt = 0; !take(mine, owner, lock); attempt++) {
    if (attempt === 100) throw unreadableLock(lock);
    removeIfStale(lock);
  }
  heldHere.add(lock);
  return () => {
    heldHere.delete(lock);
    if (readText(lock) === owner) unlinkSync(lock);
  };
}

function take(mine: string, owner: string, lock: string): boolean {
  writeFileSync(mine, owner);
  try {
    return tryLink(mine, lock);
  } finally {
    rmSync(mine, { force: true });
  }
}

/** A hard link appears complete or not at all, and never replaces another file. */
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EEXIST' || code === 'ENOENT') return false; // ENOENT: the new owner has tidied up.
    return tryExclusive(from, to); // A file system without hard links.
  }
}

function tryExclusive(from: string, to: string): boolean {
  try {
    writeFileSync(to, readFileSync(from), { flag: 'wx' });
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function removeIfStale(lock: string): void {
  const text = readText(lock);
  if (text === undefined) return;
  refuseIfAlive(lock, text);
  // It is moved aside first: if another process was faster, this is its lock, and it is put back.
  const aside = `${lock}.${randomUUID()}`;
  try {
    renameSync(lock, aside);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw error;
  }
  if (readText(aside) !== text) tryLink(aside, lock);
  rmSync(aside, { force: true });
}

/** True while a process is writing the run; one on another machine is assumed to be alive. */
export function isRunLocked(folder: string): boolean {
  const lock = join(folder, lockName);
  const owner = parseOwner(readText(lock) ?? '');
  return owner !== undefined && (owner.host !== hostname() || isAlive(lock, owner));
}

/** The process on this machine that is writing a run, by its number; undefined for none, and for one elsewhere. */
export function runWriter(folder: string): number | undefined {
  const lock = join(folder, lockName);
  const owner = parseOwner(readText(lock) ?? '');
  return owner && owner.host === hostname() && isAlive(lock, owner) ? owner.pid : undefined;
}

function refuseIfAlive(lock: string, text: string): void {
  const owner = parseOwner(text);
  if (!owner) return;
  const elsewhere = owner.host !== hostname();
  if (!elsewhere && !isAlive(lock, owner)) return;
  throw new FeedprintError({
    code: 'run-invalid',
    message: `process ${owner.pid}${elsewhere ? ` on ${owner.host}` : ''} is writing this run (${lock})`,
    remedy: elsewhere
      ? 'wait until it ends, choose another folder, or delete the lock file if that process is gone'
      : 'wait until it ends or choose another folder',
  });
}

function unreadableLock(lock: string): FeedprintError {
  return new FeedprintError({
    code: 'run-invalid',
    message: `${lock} cannot be read or replaced`,
    remedy: 'delete it if no other process writes this run',
  });
}

function isAlive(lock: string, owner: z.infer<typeof ownerSchema>): boolean {
  if (owner.pid === process.pid) return heldHere.has(lock);
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
  const started = startOf(owner.pid);
  return started === undefined || owner.started === undefined || started === owner.started;
}

function parseOwner(text: string): z.infer<typeof ownerSchema> | undefined {
  try {
    return ownerSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Start time of a process in clock ticks since boot (Linux: field 22 of /proc/PID/stat, after the parenthesised name). */
function startOf(pid: number): string | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
