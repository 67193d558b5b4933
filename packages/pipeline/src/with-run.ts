import { basename, resolve } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import type { RunEventInput, RunStore } from '@feedprint/core';
import { checkSameRun, descriptionName } from './run-description.ts';
import type { RunDescription } from './run-description.ts';
import { createRunStore } from './run-store/run-store.ts';
import { createStageRun } from './stage-run.ts';
import type { StageRun, StageRunOptions } from './stage-run.ts';

export interface RunOptions<C> extends Omit<StageRunOptions<C>, 'store'> {
  readonly folder: string;
  /** Name of the run. Default: the name of the folder. */
  readonly name?: string;
  readonly description: RunDescription;
  /** The command line that started it, for whoever continues it. */
  readonly command?: string | undefined;
  /** Names of what it works on, by what that is: `model`, `texts`. For lists of runs; another name for the same is no other run. */
  readonly worksOn?: Readonly<Record<string, string>> | undefined;
  /**
   * Take over a folder whose run has another description: what it published is replaced, stages that both share are kept. Default:
   * refuse it; where `false` is given, the refusal says that it can be asked for.
   */
  readonly overwrite?: boolean | undefined;
  readonly now?: (() => Date) | undefined;
  /** Called with every event as it is written. */
  readonly onEvent?: ((event: RunEventInput) => void) | undefined;
}

/** A run whose folder is open. */
export interface Run<C> extends StageRun<C> {
  readonly name: string;
  readonly store: RunStore;
}

/**
 * Starts the run in a folder, or continues it, and does `work` in it; the run's events record how it ended. Throws
 * `run-invalid` for a folder that contains something else, has a writer, or contains a run that was started with other
 * settings or inputs.
 */
export async function withRun<C, T>(
  options: RunOptions<C>,
  work: (run: Run<C>) => Promise<T>,
): Promise<T> {
  const { folder, description, command, worksOn, overwrite, onEvent } = options;
  const { now = () => new Date() } = options;
  const store = observed(await createRunStore({ folder, now }), onEvent);
  try {
    if (!overwrite) {
      await checkSameRun(folder, description, { canOverwrite: overwrite !== undefined });
    }
    const name = options.name ?? basename(resolve(folder));
    const stages = createStageRun({ ...options, store });
    store.append({
      ...{ type: 'run-started', name, stages: [...stages.names] },
      ...(command !== undefined && { command }),
      ...(worksOn && { worksOn }),
    });
    try {
      await store.publish(descriptionName, `${JSON.stringify(description, null, 2)}\n`);
      const result = await work({ ...stages, name, store });
      store.append({ type: 'run-finished' });
      return result;
    } catch (error) {
      store.append({ type: 'run-failed', ...describeError(error) });
      throw error;
    }
  } finally {
    await store.close();
  }
}

/** A store that also tells a listener what it appends. */
function observed(store: RunStore, onEvent: RunOptions<unknown>['onEvent']): RunStore {
  if (!onEvent) return store;
  return {
    ...store,
    append: (event) => {
      store.append(event);
      onEvent(event);
    },
  };
}

function describeError(error: unknown): { code: string; message: string } {
  if (FeedprintError.is(error)) return { code: error.code, message: error.message };
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}
