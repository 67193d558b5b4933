import { FeedprintError } from '@feedprint/core';

/** Throws `usage` unless a store has rows `[start, end)`. */
export function checkRange(store: string, start: number, end: number, rows: number): void {
  const fits = Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end;
  if (fits && end <= rows) return;
  throw new FeedprintError({
    code: 'usage',
    message: `${store} has ${rows} rows, not [${start}, ${end})`,
    remedy: 'read rows that exist',
  });
}
