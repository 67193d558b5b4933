import { readdirSync } from 'node:fs';
import { FeedprintError } from '@feedprint/core';

/** Throws `run-invalid` for a folder that is not empty and has no `run` of an earlier training in it. */
export function checkIsOurs(out: string): void {
  let names: string[];
  try {
    names = readdirSync(out);
  } catch {
    return; // Nothing yet, a file, or not readable: opening the run reports it.
  }
  if (names.length === 0 || names.includes('run')) return;
  throw new FeedprintError({
    code: 'run-invalid',
    message: `${out} is not empty and holds no training run`,
    remedy: 'choose a new or empty folder, or the folder of an earlier training run',
  });
}
