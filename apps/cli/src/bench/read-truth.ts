import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import type { z } from 'zod';

/** What a benchmark needs of `feedback.json`, and what to say if it is not there. */
export interface TruthForm<T> {
  readonly schema: z.ZodType<T>;
  /** What the file does not say: "which words' feedback was reversed". */
  readonly about: string;
  readonly remedy: string;
}

/** The truth beside a tuned model, `feedback.json`. Throws `usage` for a folder without it, or with another form. */
export function readTruth<T>(tuned: string, { schema, about, remedy }: TruthForm<T>): T {
  const file = join(tuned, 'feedback.json');
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new FeedprintError({
      code: 'usage',
      message: `${file} does not say ${about}`,
      remedy,
      cause,
    });
  }
}
