import { hashItems } from '../readers/hash-items.ts';
import { openRows } from '../readers/open-rows.ts';
import type { OpenOptions } from '../readers/open-rows.ts';
import type { ReadLimit } from '../readers/read-file.ts';
import { isObject } from '../readers/row.ts';
import { createTally, describeSkipped } from '../readers/tally.ts';
import { textsInvalid } from '../readers/texts-invalid.ts';
import { present, UnsoundRow } from '../pairs/layouts/layout.ts';
import type { RatedReply, RatingFile } from './rating-file.ts';
import { ratingLayouts } from './rating-layouts.ts';

/** Rows without a rating that a file may contain: this share of all rows, or one. */
const MOST_UNSOUND = 0.05;

/**
 * Reads single replies with ratings (`prompt`, `completion`, `label`; LLaMA-Factory's `kto_tag`; HelpSteer's scores; a
 * reply or text with a `score`) from a file of any format that `openRows` recognises. Rows without one are left out,
 * counted and named, up to 5 % of all, or one. Throws `texts-invalid`, naming the file and the reasons or the line.
 */
export async function readRatings(
  path: string,
  options: ReadLimit & OpenOptions = {},
): Promise<RatingFile> {
  const { limit = Infinity } = options;
  const { file, format, rows, sha256 } = await openRows(path, options);
  const tally = createTally();
  const ratings: RatedReply[] = [];
  const layouts = new Set<string>();
  let seen = 0;
  for await (const { value, place } of rows) {
    seen++;
    try {
      const { layout, rating } = readRow(value);
      ratings.push(rating);
      layouts.add(layout);
    } catch (error) {
      if (!(error instanceof UnsoundRow)) throw error;
      tally.add(error.message, place);
    }
    if (ratings.length >= limit) break;
  }
  const unsound = seen - ratings.length;
  if (ratings.length === 0 || unsound > Math.max(1, MOST_UNSOUND * seen)) {
    throw textsInvalid(
      `${path}: ${unsound} of ${seen} rows hold no rated reply (${describeSkipped(tally.skipped())})`,
      'give each row a prompt, a completion and a label, or a text and a score',
    );
  }
  return {
    file,
    sha256: ratings.length >= limit ? hashItems(ratings) : sha256(),
    layout: `${format}, ${[...layouts].join(' and ')}`,
    skipped: tally.skipped(),
    ratings,
  };
}

function readRow(value: unknown): { readonly layout: string; readonly rating: RatedReply } {
  if (!isObject(value)) throw new UnsoundRow('not an object');
  const layout = ratingLayouts.find(({ fits }) => fits(value));
  if (!layout) throw new UnsoundRow('neither a reply with a label nor one with a score');
  const rating = layout.read(value);
  if (rating.reply === '') throw new UnsoundRow('an empty reply');
  const id = present(value['id']);
  const isId = typeof id === 'string' || typeof id === 'number';
  return { layout: layout.name, rating: { ...(isId && { id }), ...rating } };
}
