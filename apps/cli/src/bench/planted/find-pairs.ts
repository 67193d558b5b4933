import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import { z } from 'zod';
import { counted } from '../../texts.ts';

/** A tuned model whose feedback is known, and the model that it was tuned from. */
export interface PlantedPair {
  readonly name: string;
  readonly base: string;
  readonly tuned: string;
  /** Vocabulary ids of the words whose feedback was reversed; none for a clean pair. */
  readonly planted: ReadonlySet<number>;
  /** Texts that lie beside the pair. */
  readonly texts: string | undefined;
}

/** What `feedback.json` beside a tuned model's weights says of its feedback. */
const truthSchema = z.object({ flipped: z.array(z.object({ token_id: z.int() })) });

/**
 * The pair of a tuned model's folder. The base is `base`, or else the one checkpoint beside it with the same tokenizer and
 * without a `feedback.json`. Throws `usage` for a folder without truth, or where the base cannot be told.
 */
export function findPair(folder: string, base?: string): PlantedPair {
  const tuned = resolve(folder);
  return {
    name: basename(tuned),
    base: base ?? findBase(tuned),
    tuned,
    planted: new Set(readTruth(tuned).flipped.map(({ token_id: id }) => id)),
    texts: [join(dirname(tuned), 'texts.jsonl')].find((file) => existsSync(file)),
  };
}

function readTruth(tuned: string): z.infer<typeof truthSchema> {
  const file = join(tuned, 'feedback.json');
  try {
    return truthSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new FeedprintError({
      code: 'usage',
      message: `${file} does not say which words' feedback was reversed`,
      remedy:
        'give folders of tuned models with a feedback.json: {"flipped": [{"token_id": 687}, ...]}',
      cause,
    });
  }
}

function findBase(tuned: string): string {
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
