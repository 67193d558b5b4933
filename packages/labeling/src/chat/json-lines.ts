import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { toOutputError } from '@feedprint/core/files';
import type { z } from 'zod';

/**
 * A file of JSON lines that only grows: `read` gives what is in it, but for lines that do not fit, such as the last one
 * where a kill cut it off; `append` writes a whole line at once. Both throw `output-unwritable`.
 */
export function openJsonLines<T>(
  path: string,
  schema: z.ZodType<T>,
): { readonly read: readonly T[]; append(line: T): void } {
  const text = guarded(path, () => (existsSync(path) ? readFileSync(path, 'utf8') : ''));
  let isTorn = text !== '' && !text.endsWith('\n');
  return {
    read: text.split('\n').flatMap((line) => {
      const parsed = schema.safeParse(readJson(line));
      return parsed.success ? [parsed.data] : [];
    }),
    append: (line) => {
      guarded(path, () => appendFileSync(path, `${isTorn ? '\n' : ''}${JSON.stringify(line)}\n`));
      isTorn = false;
    },
  };
}

function readJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toOutputError(error, path);
  }
}
