import { readdirSync, rmSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import { makeFolder, systemCode, toOutputError } from '@feedprint/core/files';
import { eventsName, openEventLog } from './event-log.ts';
import type { EventLog } from './event-log.ts';
import { isLockFile, lockName, lockRun } from './run-lock.ts';

export interface RunStoreOptions {
  /** The run's folder; created if it is missing, continued if it is a run. */
  readonly folder: string;
  /** The clock that stamps events. */
  readonly now: () => Date;
  /**
   * `false` leaves the lock and the remains of a killed writer alone, for reading while another process writes. Default
   * `true`.
   */
  readonly lock?: boolean;
}

/** Prefix of the names of what is being written; whatever a kill leaves of it is removed at the next start. */
export const temporary = '.tmp-';

/** Creates or enters the folder, takes the lock and opens the log, or leaves everything as it was. */
export function openFolder(
  folder: string,
  { now, lock = true }: RunStoreOptions,
): { readonly unlock: () => void; readonly log: EventLog } {
  let made = false;
  let unlock = (): void => undefined;
  try {
    made = makeFolder(folder);
    checkIsRun(folder);
    if (lock) {
      unlock = lockRun(folder);
      removeLeftovers(folder);
    }
    return { unlock, log: openEventLog(folder, { now, heal: lock }) };
  } catch (error) {
    unlock();
    if (made) removeIfEmpty(folder);
    throw toOutputError(error, folder);
  }
}

/**
 * A folder is a run if it has an event log, and may become one if it contains nothing but the remains of a killed
 * start.
 */
function checkIsRun(folder: string): void {
  const names = readdirSync(folder);
  if (names.includes(eventsName) || names.every((name) => isLockFile(name))) return;
  throw new FeedprintError({
    code: 'run-invalid',
    message: `${folder} is not empty and is not a run`,
    remedy: 'choose a new or empty folder, or the folder of an earlier run',
  });
}

function removeLeftovers(folder: string): void {
  for (const parent of [folder, join(folder, 'stages'), join(folder, 'tables')]) {
    for (const name of namesIn(parent)) {
      if (!name.startsWith(temporary) && !name.startsWith(`${lockName}.`)) continue;
      rmSync(join(parent, name), { recursive: true, force: true });
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Someone put something into it in the meantime: it is theirs.
  }
}
