import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import type { z } from 'zod';
import { canonicalJson } from './canonical-json.ts';

/** Writes JSON with sorted keys, so that equal values are equal bytes. */
export async function writeJson(folder: string, name: string, value: unknown): Promise<void> {
  await writeFile(join(folder, name), canonicalJson(value));
}

/** Reads JSON that a stage wrote. Throws `run-invalid`, naming file and place, for what does not fit the schema. */
export async function readJson<T>(
  folder: string,
  name: string,
  schema: z.ZodType<T>,
): Promise<T> {
  const file = join(folder, name);
  const parsed = schema.safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new FeedprintError({
    code: 'run-invalid',
    message: `${file} does not fit its format at ${issue?.path.join('.') || 'its top'}: ${issue?.message ?? 'unknown'}`,
    remedy: 'delete the folder of this stage and run the same command again',
    cause: parsed.error,
  });
}
