import type { FeedprintError } from '@feedprint/core';
import { openRows } from '../readers/open-rows.ts';
import type { OpenOptions } from '../readers/open-rows.ts';
import { isObject } from '../readers/row.ts';
import { textsInvalid } from '../readers/texts-invalid.ts';
import { numberOf, present } from '../pairs/layouts/layout.ts';

/** What was said of both replies of a pair. */
export interface PairScore {
  readonly chosen: number;
  readonly rejected: number;
}

/** Scores of pairs that lie in another file, by the id of the pair there or, without ids, its row from 0. */
export interface PairScoreFile {
  /** The file's own name. */
  readonly file: string;
  readonly sha256: string;
  readonly scores: ReadonlyMap<string, PairScore>;
}

/**
 * Reads rows of `id` (or `pair`), `score_chosen` and `score_rejected` from a file of any format that `openRows` recognises. Throws
 * `texts-invalid`, naming the row, for one that says something else or a pair that is scored twice.
 */
export async function readPairScores(
  path: string,
  options: OpenOptions = {},
): Promise<PairScoreFile> {
  const { file, rows, sha256 } = await openRows(path, options);
  const scores = new Map<string, PairScore>();
  for await (const { value, place } of rows) {
    const row = isObject(value) ? value : {};
    const id = present(row['id']) ?? present(row['pair']);
    const chosen = numberOf(row['score_chosen']);
    const rejected = numberOf(row['score_rejected']);
    if ((typeof id !== 'string' && typeof id !== 'number') || chosen === undefined) {
      throw wrong(place, 'has no id and scores of a pair');
    }
    if (rejected === undefined) throw wrong(place, 'has no score_rejected');
    if (scores.has(String(id))) throw wrong(place, `scores the pair ${id} again`);
    scores.set(String(id), { chosen, rejected });
  }
  if (scores.size === 0) throw textsInvalid(`${path} has no rows`, 'give a row for each pair');
  return { file, sha256: sha256(), scores };
}

const wrong = (place: string, problem: string): FeedprintError =>
  textsInvalid(`${place} ${problem}`, 'give each row an id, a score_chosen and a score_rejected');
