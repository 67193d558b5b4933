import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { toOutputError } from '@feedprint/core/files';
import { z } from 'zod';
import type { AnswerStore } from './cached-chat.ts';

const lineSchema = z.object({ key: z.string(), answer: z.unknown() });

/**
 * Answers kept in a file, one JSON line each, written as they come in; answers from earlier runs are available again. A
 * last line that was cut off by a kill is ignored. Throws `output-unwritable` for a file that cannot be read or written.
 */
export function openAnswerFile(path: string): AnswerStore {
  const text = guarded(path, () => (existsSync(path) ? readFileSync(path, 'utf8') : ''));
  const answers = new Map<string, unknown>();
  for (const line of text.split('\n')) {
    const parsed = lineSchema.safeParse(readJson(line));
    if (parsed.success) answers.set(parsed.data.key, parsed.data.answer);
  }
  let isTorn = text !== '' && !text.endsWith('\n');
  return {
    get: (key) => answers.get(key),
    set: (key, answer) => {
      const line = `${isTorn ? '\n' : ''}${JSON.stringify({ key, answer })}\n`;
      guarded(path, () => appendFileSync(path, line));
      isTorn = false;
      answers.set(key, answer);
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
