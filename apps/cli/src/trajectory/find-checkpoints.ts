import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import type { SavedCheckpoint } from '@feedprint/recipes';

/**
 * The checkpoints that folders name; in the last part of a path, `*` stands for anything, for shells that leave it as it
 * is. The step is the last number in a folder's name. Throws `usage` for a pattern that fits nothing, and for a name
 * without a number.
 */
export const findCheckpoints = (given: readonly string[]): SavedCheckpoint[] =>
  given.flatMap(foldersLike).map((folder) => ({ folder, step: stepIn(folder) }));

function foldersLike(pattern: string): string[] {
  const [parent, last] = [dirname(pattern), basename(pattern)];
  if (!last.includes('*')) return [pattern];
  const parts = last.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const fits = new RegExp(`^${parts.join('.*')}$`);
  const found = entriesOf(parent).filter((name) => fits.test(name));
  if (found.length > 0) return found.sort().map((name) => join(parent, name));
  throw new FeedprintError({
    code: 'usage',
    message: `no checkpoint is called ${pattern}`,
    remedy: 'name folders such as runs/dpo/steps/step-000100, which finetune --save-every makes',
  });
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function stepIn(folder: string): number {
  const [, digits] = /(\d+)\D*$/.exec(basename(folder)) ?? [];
  const step = Number(digits);
  if (digits !== undefined && step > 0) return step;
  throw new FeedprintError({
    code: 'usage',
    message: `${folder} does not say of which step it is`,
    remedy: 'call checkpoints by their steps: step-000100, checkpoint-500',
  });
}
