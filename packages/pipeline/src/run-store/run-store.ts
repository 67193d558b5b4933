import { randomUUID } from 'node:crypto';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import type { Artifact, RunStore } from '@feedprint/core';
import { isIntact, sealArtifact } from './artifact-folder.ts';
import { flush, makeFolder, systemCode, toOutputError, writeFlushed } from '@feedprint/core/files';
import { eventsName, readRunEvents } from './event-log.ts';
import { openFolder, temporary } from './open-folder.ts';
import type { RunStoreOptions } from './open-folder.ts';
import { isLockFile } from './run-lock.ts';

/** Error codes for a folder that cannot be renamed over another one. */
const occupied = new Set(['ENOTEMPTY', 'EEXIST', 'EPERM']);

/**
 * Opens a run folder as a `RunStore`: artifacts are written under a temporary name, flushed, sealed with SHA-256 and
 * renamed, so that a kill at any moment leaves nothing half-written that would be read. Throws `output-unwritable` if
 * the folder cannot be written, `run-invalid` if it is something other than a run or has a writer.
 */
export async function createRunStore(options: RunStoreOptions): Promise<RunStore> {
  const folder = resolve(options.folder);
  const stages = join(folder, 'stages');
  const { unlock, log } = openFolder(folder, options);
  let closed = false;
  const place = (stage: string, key: string): string =>
    join(stages, `${stage}-${key.slice(0, 12)}`);

  const store: RunStore = {
    folder,
    find: async (stage, key) => {
      checkName(stage, key);
      const artifact: Artifact = { stage, key, folder: place(stage, key) };
      return (await isIntact(artifact.folder, stage, key)) ? artifact : undefined;
    },
    create: async (stage, key, write) => {
      checkOpen(closed);
      const existing = await store.find(stage, key);
      if (existing) return existing;
      const target = place(stage, key);
      let aside = '';
      try {
        makeFolder(stages);
        aside = await mkdtemp(join(stages, `${temporary}${stage}-`));
        await write(aside);
        await sealArtifact(aside, stage, key);
        await moveInto(aside, target, () => isIntact(target, stage, key));
        await flush(stages, 'folder');
      } catch (error) {
        if (aside) await rm(aside, { recursive: true, force: true });
        throw concerns(error, folder) ? toOutputError(error, target) : error;
      }
      return { stage, key, folder: target };
    },
    publish: async (name, content) => {
      checkOpen(closed);
      const target = publishedPath(folder, name);
      const aside = join(folder, `${temporary}${randomUUID()}`);
      try {
        makeFolder(dirname(target));
        await writeFlushed(aside, content);
        await rename(aside, target);
        await flush(dirname(target), 'folder');
        await flush(folder, 'folder');
      } catch (error) {
        await rm(aside, { force: true });
        throw toOutputError(error, target);
      }
    },
    append: (event) => {
      checkOpen(closed);
      try {
        log.append(event);
      } catch (error) {
        throw toOutputError(error, join(folder, eventsName));
      }
    },
    events: async function* () {
      const { events } = await readRunEvents(folder);
      for (const { event } of events) yield event;
    },
    close: async () => {
      if (closed) return;
      closed = true;
      log.close();
      unlock();
    },
  };
  return store;
}

/** Renames into place; a damaged folder there is replaced, an intact one made in the meantime stays. */
async function moveInto(
  aside: string,
  target: string,
  isDone: () => Promise<boolean>,
): Promise<void> {
  try {
    await rename(aside, target);
  } catch (error) {
    if (!occupied.has(systemCode(error) ?? '')) throw error;
    if (!(await isDone())) {
      const old = join(dirname(target), `${temporary}${randomUUID()}`);
      await rename(target, old);
      await rename(aside, target);
      await rm(old, { recursive: true, force: true });
    }
    await rm(aside, { recursive: true, force: true });
  }
}

/** Whether a failed system call concerned the run's own folder rather than something that a stage reads. */
function concerns(error: unknown, folder: string): boolean {
  const code = systemCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return true;
  if (code === undefined) return false;
  const { path } = error as { readonly path?: unknown };
  return typeof path === 'string' && resolve(path).startsWith(folder + sep);
}

function publishedPath(folder: string, name: string): string {
  const parts = name.split(/[\\/]/);
  const reserved = parts[0] === 'stages' || name === eventsName || isLockFile(name);
  if (reserved || parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw invalidName(`cannot publish as ${JSON.stringify(name)}`);
  }
  return join(folder, ...parts);
}

function checkName(stage: string, key: string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(stage)) {
    throw invalidName(`a stage cannot be named ${JSON.stringify(stage)}`);
  }
  if (!/^[0-9a-f]{64}$/.test(key)) {
    throw invalidName(`a stage's key is 64 hexadecimal digits, got ${JSON.stringify(key)}`);
  }
}

function invalidName(message: string): FeedprintError {
  return new FeedprintError({
    code: 'run-invalid',
    message,
    remedy: 'use names of letters, digits, dots, dashes and underscores, inside the run',
  });
}

function checkOpen(closed: boolean): void {
  if (!closed) return;
  throw new FeedprintError({
    code: 'internal',
    message: 'the run store was used after it was closed',
    remedy: 'finish every stage before closing the store',
  });
}
