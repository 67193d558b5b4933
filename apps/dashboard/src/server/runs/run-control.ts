import { readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { isRunLocked, runWriter } from '@feedprint/pipeline';
import { Refused } from '../http/respond.ts';
import type { RunFolder } from './run-folders.ts';

/** Starts a run's command again. Resolves when it runs; throws where the command is not one for this folder. */
export type ContinueRun = (run: {
  readonly folder: string;
  /** As the run states it, so that it may be anything. */
  readonly command: string;
}) => Promise<void>;

/** Stops and continues runs. */
export interface RunControl {
  /** Whether runs can be continued here. */
  readonly canContinue: boolean;
  /** Asks the process that writes a run to stop in good order. Throws a refusal. */
  stop(run: RunFolder): void;
  /** Starts a stopped run's command again. Throws a refusal. */
  proceed(run: RunFolder, command: string | null): Promise<void>;
}

export function createRunControl(continueRun?: ContinueRun): RunControl {
  return {
    canContinue: continueRun !== undefined,
    stop: ({ folder }) => {
      const writer = runWriter(folder);
      // A lock is a file that anybody may have written: a process is only stopped if it has this run's log open.
      if (writer === undefined || !hasOpen(writer, join(folder, 'events.jsonl'))) {
        const message =
          'No process of this machine is known to write this run. Stop it where it was started.';
        throw new Refused(409, 'run-invalid', message);
      }
      process.kill(writer, 'SIGTERM');
    },
    proceed: async ({ folder }, command) => {
      if (isRunLocked(folder)) throw new Refused(409, 'run-invalid', 'This run is being written.');
      if (!continueRun || command === null) {
        const message = 'Run its command again in a terminal: finished stages are kept.';
        throw new Refused(409, 'run-invalid', message);
      }
      await continueRun({ folder, command });
    },
  };
}

/** Whether a process has a file open, as Linux tells; not known elsewhere, which counts as no. */
function hasOpen(pid: number, file: string): boolean {
  try {
    const wanted = realpathSync(file);
    const descriptors = `/proc/${pid}/fd`;
    return readdirSync(descriptors).some((name) => linkOf(join(descriptors, name)) === wanted);
  } catch {
    return false;
  }
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined; // Closed since it was listed.
  }
}
