import { isObject } from '../readers/row.ts';
import type { Rows } from '../readers/row.ts';
import { ratingLayouts } from '../ratings/rating-layouts.ts';
import { takeHead } from '../readers/take-head.ts';
import { textsInvalid } from '../readers/texts-invalid.ts';
import type { PairColumns } from './column-map.ts';
import { inTwos, isScored } from './layouts/helpsteer-scores.ts';
import { UnsoundRow } from './layouts/layout.ts';
import { mappedReader } from './read-mapped.ts';
import { layoutsOf, readRow } from './read-row.ts';
import type { RowPairs } from './read-row.ts';
import { repeatPrompts, withoutRepeated } from './repeated-prompt.ts';
import { columnNames, suggestMap } from './suggest-map.ts';

/** Number of rows by which a file is recognised. */
const HEAD = 64;

/** How the rows of a file are read. */
export interface RecognizedPairs {
  readonly rows: Rows;
  /** The pairs of a row's value. Throws `UnsoundRow`. */
  readonly read: (value: unknown) => RowPairs;
  /** Whether rows hold several pairs each, or pairs several rows. */
  readonly several: boolean;
}

/**
 * Recognises a file's layout by its first rows. Throws `texts-invalid` for one of no known layout, with the `--map` that
 * its columns suggest.
 */
export async function recognizePairs(
  path: string,
  given: Rows,
  map?: PairColumns,
): Promise<RecognizedPairs> {
  const { head, rows } = await takeHead(given, HEAD);
  const values = head.map(({ value }) => value);
  if (map) return { rows, ...readerOf(mappedReader(map, values), values) };
  const records = values.filter(isObject);
  if (records.length > 0 && records.every((record) => layoutsOf(record).length === 0)) {
    await rows.return();
    if (records.every((record) => ratingLayouts.some(({ fits }) => fits(record)))) {
      throw textsInvalid(
        `${path} holds ratings of single replies, not pairs`,
        'pass it where ratings are read, or a file with two replies to each prompt',
      );
    }
    throw textsInvalid(
      `${path} is of no known layout of pairs; its columns are ${columnNames(records[0] ?? {})}`,
      suggestMap(records) ??
        'say which columns hold what: --map chosen=COLUMN,rejected=COLUMN,prompt=COLUMN[,label=COLUMN]',
    );
  }
  if (records.some(isScored)) return { rows: inTwos(rows), read: readRow, several: true };
  return { rows, ...readerOf(readRow, values) };
}

/** Whole texts lose the prompt that they begin with, if all of the file's first ones do. */
function readerOf(
  read: (value: unknown) => RowPairs,
  first: readonly unknown[],
): Omit<RecognizedPairs, 'rows'> {
  const found = first.flatMap((value) => attempt(read, value));
  const several = found.some(({ pairs }) => pairs.length !== 1);
  if (!repeatPrompts(found.flatMap(({ pairs }) => pairs))) return { read, several };
  return {
    several,
    read: (value) => {
      const { layout, pairs } = read(value);
      return { layout: `${layout} that repeat it`, pairs: pairs.map(withoutRepeated) };
    },
  };
}

function attempt(read: (value: unknown) => RowPairs, value: unknown): readonly RowPairs[] {
  try {
    return [read(value)];
  } catch (error) {
    if (error instanceof UnsoundRow) return [];
    throw error;
  }
}
