import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import type { RunEventInput, RunStore } from '@feedprint/core';
import { canonicalJson, createRunStore } from '@feedprint/pipeline';
import type { Io } from '../io.ts';
import { createProgressReporter } from '../progress.ts';
import { sayRead } from '../texts.ts';
import type { Read } from '../texts.ts';

/** `run.json` of a training: all that decides its result. */
export type Description = Readonly<Record<string, unknown>>;

export interface SaeRun {
  readonly store: RunStore;
  /** Ends the run; with an error, as failed. */
  end(error?: unknown): Promise<void>;
}

export interface SaeRunOptions {
  /** Folder of the SAEs; the run is kept in `run` below it. */
  readonly out: string;
  readonly description: Description;
  readonly stages: readonly string[];
  readonly io: Pick<Io, 'now'>;
  readonly onEvent: (event: RunEventInput) => void;
}

/**
 * Starts or continues the run below `out`. Throws `run-invalid` for a folder that holds something else, or a run that was started
 * with other settings or inputs.
 */
export async function openSaeRun(options: SaeRunOptions): Promise<SaeRun> {
  const { out, description, stages, io, onEvent } = options;
  const folder = join(out, 'run');
  checkFolder(out, folder);
  const store = await createRunStore({ folder, now: io.now });
  const observed: RunStore = {
    ...store,
    append: (event) => {
      store.append(event);
      onEvent(event);
    },
  };
  try {
    checkSame(out, join(folder, 'run.json'), description);
    await store.publish('run.json', `${JSON.stringify(description, null, 2)}\n`);
    observed.append({ type: 'run-started', name: basename(resolve(out)), stages: [...stages] });
  } catch (error) {
    await store.close();
    throw error;
  }
  return {
    store: observed,
    async end(error) {
      if (error === undefined) observed.append({ type: 'run-finished' });
      else observed.append({ type: 'run-failed', ...describeError(error) });
      await store.close();
    },
  };
}

/** Does `work` in the run below `out`, showing how far it is; if it fails, so has the run. */
export async function withSaeRun<T>(
  {
    io,
    read,
    ...options
  }: Omit<SaeRunOptions, 'io' | 'onEvent'> & {
    readonly io: Io;
    readonly read: Read;
  },
  work: (store: RunStore) => Promise<T>,
): Promise<T> {
  const progress = createProgressReporter(io);
  try {
    const run = await openSaeRun({ ...options, io, onEvent: progress.event });
    try {
      sayRead(read, io);
      const result = await work(run.store);
      await run.end();
      return result;
    } catch (error) {
      await run.end(error);
      throw error;
    }
  } finally {
    progress.stop();
  }
}

function checkFolder(out: string, run: string): void {
  if (existsSync(run) || !existsSync(out)) return;
  let names: string[];
  try {
    names = readdirSync(out);
  } catch {
    return; // A file, or one that may not be read: making the run says so.
  }
  if (names.length === 0) return;
  throw new FeedprintError({
    code: 'run-invalid',
    message: `${out} is not empty and holds no training`,
    remedy: 'choose a new or an empty folder, or the folder of an earlier training',
  });
}

function checkSame(out: string, path: string, description: Description): void {
  if (!existsSync(path)) return;
  const before = parse(readFileSync(path, 'utf8'));
  const [a, b] = [flatten(before), flatten(description)];
  const keys = [...new Set([...a.keys(), ...b.keys()])].filter((key) => a.get(key) !== b.get(key));
  if (keys.length === 0) return;
  const shown = keys
    .slice(0, 3)
    .map((key) => `${key} ${a.get(key) ?? '-'}, now ${b.get(key) ?? '-'}`);
  throw new FeedprintError({
    code: 'run-invalid',
    message: `${out} holds another training (${shown.join('; ')})`,
    remedy: 'run the command that it was started with, or choose another folder',
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Leaves of a JSON value by their path, as JSON. */
function flatten(value: unknown, path = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null)
    return new Map([[path, canonicalJson(value ?? null)]]);
  const leaves = new Map<string, string>();
  for (const [key, part] of Object.entries(value)) {
    if (part === undefined) continue;
    for (const leaf of flatten(part, path ? `${path}.${key}` : key)) leaves.set(...leaf);
  }
  return leaves;
}

function describeError(error: unknown): { code: string; message: string } {
  if (FeedprintError.is(error)) return { code: error.code, message: error.message };
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}
