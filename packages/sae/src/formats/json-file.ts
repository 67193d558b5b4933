import { readFileSync } from 'node:fs';
import { FeedprintError } from '@feedprint/core';

/** Parses a JSON file. Throws `checkpoint-invalid`. */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new FeedprintError({
      code: 'checkpoint-invalid',
      message: `${path} cannot be read as JSON`,
      remedy: 'check the path, or download or export it again',
      cause,
    });
  }
}
