import { FeedprintError, matrix } from '@feedprint/core';
import type { ActivationStore, Matrix, Site } from '@feedprint/core';
import { noRows } from './reconstruction-statistics.ts';

/** Rows `[start, end)` of a store, at the SAE's site; all of them if left out. */
export interface StoreRange {
  readonly store: ActivationStore;
  readonly start?: number;
  readonly end?: number;
}

/** Rows from anywhere, counted from 0. */
export interface RowReader {
  readonly count: number;
  read(start: number, end: number): Promise<Matrix>;
}

/** Reads a matrix, or a site of a store. Throws `usage` without rows or outside those of the store. */
export function rowReader(source: Matrix | ActivationStore | StoreRange, site: Site): RowReader {
  if ('read' in source) return rowReader({ store: source }, site);
  if (!('store' in source)) {
    if (source.rows === 0) throw noRows();
    const { rows: count, columns, data } = source;
    const slice = (start: number, end: number): Matrix =>
      matrix(end - start, columns, data.subarray(start * columns, end * columns));
    return { count, read: (start, end) => Promise.resolve(slice(start, end)) };
  }
  const { store, start: first = 0, end: last = store.rows } = source;
  const valid = Number.isInteger(first) && Number.isInteger(last) && first >= 0;
  if (!valid || first > last || last > store.rows) {
    throw new FeedprintError({
      code: 'usage',
      message: `the store has no rows ${first} to ${last}: it has ${store.rows}`,
      remedy: 'pick rows that it has',
    });
  }
  if (first === last) throw noRows();
  return {
    count: last - first,
    read: (start, end) => store.read(site, first + start, first + end),
  };
}
