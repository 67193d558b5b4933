import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import { counted } from '../texts.ts';

/** The one checkpoint beside a tuned model with the same tokenizer and without a `feedback.json`. Throws `usage` where it cannot be told. */
export function findBase(tuned: string): string {
  const beside = dirname(tuned);
  const tokenizer = readOrNothing(join(tuned, 'tokenizer.json'));
  const candidates = readdirSync(beside)
    .map((name) => join(beside, name))
    .filter(
      (folder) =>
        existsSync(join(folder, 'config.json')) &&
        !existsSync(join(folder, 'feedback.json')) &&
        readOrNothing(join(folder, 'tokenizer.json')) === tokenizer,
    );
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1) return only;
  throw new FeedprintError({
    code: 'usage',
    message: `${counted(candidates.length, 'folder')} beside ${tuned} may be the model that it was tuned from`,
    remedy: 'name it with --base',
  });
}

const readOrNothing = (file: string): string | undefined =>
  existsSync(file) ? readFileSync(file, 'utf8') : undefined;
