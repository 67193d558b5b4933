import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';

/** Where a run keeps the state from which an interrupted training continues, until it is done. */
export const checkpointFolder = (run: { readonly folder: string }): string =>
  join(run.folder, 'checkpoints');

export const removeCheckpoints = (run: { readonly folder: string }): Promise<void> =>
  rm(checkpointFolder(run), { recursive: true, force: true });

/** Tells, for a training that was stopped with its state kept, how to continue its run. */
export const toContinue =
  (stage: string) =>
  (error: unknown): never => {
    if (!FeedprintError.is(error) || error.code !== 'cancelled') throw error;
    throw new FeedprintError({
      code: 'cancelled',
      message: `stopped in stage ${stage}`,
      remedy: 'run the same command again to continue',
      cause: error,
    });
  };
