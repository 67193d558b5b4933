import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import type { z } from 'zod';
import { canonicalJson } from './canonical-json.ts';

/** Writes JSON with sorted keys, so that equal values give equal bytes. */
export async function writeJson(folder: string, name: string, value: unknown): Promise<void> {
  await writeFile(join(folder, name), canonicalJson(value));
}

/**
 * Reads JSON that a stage wrote, checked by a schema but otherwise as written: what the schema does not mention is
 * kept. Throws `run-invalid`, naming file and place, if it does not fit.
 */
export async function readJson<T>(folder: string, name: string, schema: z.ZodType<T>): Promise<T> {
  const file = join(folder, name);
  const value = parse(await readFile(file, 'utf8'));
  const checked = schema.safeParse(value);
  if (checked.success) return value as T;
  const [issue] = checked.error.issues;
  throw new FeedprintError({
    code: 'run-invalid',
    message: `${file} does not fit its format at ${issue?.path.join('.') || 'its top'}: ${issue?.message ?? 'unknown'}`,
    remedy: 'delete the folder of this stage and run the same command again',
    cause: checked.error,
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No value fits; the schema reports it.
    return undefined;
  }
}
