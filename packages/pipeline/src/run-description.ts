import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import { canonicalJson } from './canonical-json.ts';

/** `run.json`: everything that determines a run's result. */
export type RunDescription = Readonly<Record<string, unknown>>;

export const descriptionName = 'run.json';

/** Throws `run-invalid` for a folder whose run was started with other settings or inputs, naming the first that differ. */
export async function checkSameRun(
  folder: string,
  description: RunDescription,
  { canOverwrite }: { readonly canOverwrite: boolean },
): Promise<void> {
  const before = await readDescription(folder);
  if (before === undefined) return;
  const [a, b] = [leavesOf(before), leavesOf(description)];
  const keys = [...new Set([...a.keys(), ...b.keys()])].filter((key) => a.get(key) !== b.get(key));
  if (keys.length === 0) return;
  const shown = keys
    .slice(0, 3)
    .map((key) => `${key} ${a.get(key) ?? '-'}, now ${b.get(key) ?? '-'}`);
  const more = keys.length > 3 ? `; ${keys.length - 3} more` : '';
  throw new FeedprintError({
    code: 'run-invalid',
    message: `${folder} contains a run with other settings (${shown.join('; ')}${more})`,
    remedy: canOverwrite
      ? 'run the command that it was started with, choose another folder, or replace its results (--overwrite)'
      : 'run the command that it was started with, or choose another folder',
  });
}

async function readDescription(folder: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(join(folder, descriptionName), 'utf8'));
  } catch {
    // None yet, or an unusable one: the run is described anew.
    return undefined;
  }
}

/** Leaves of a JSON value by path, as JSON. */
function leavesOf(value: unknown, path = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null) {
    return new Map([[path, canonicalJson(value ?? null)]]);
  }
  const leaves = new Map<string, string>();
  for (const [key, part] of Object.entries(value)) {
    if (part === undefined) continue;
    for (const leaf of leavesOf(part, path ? `${path}.${key}` : key)) leaves.set(...leaf);
  }
  return leaves;
}
