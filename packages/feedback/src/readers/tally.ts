import type { SkippedRows } from './read-file.ts';

/** Counts rows that yield nothing, by reason. */
export function createTally() {
  const skipped = new Map<string, { reason: string; rows: number; first: string }>();
  return {
    add: (reason: string, place: string): void => {
      const before = skipped.get(reason);
      if (before) before.rows++;
      else skipped.set(reason, { reason, rows: 1, first: place });
    },
    /** Most frequent first. */
    skipped: (): SkippedRows[] => [...skipped.values()].sort((a, b) => b.rows - a.rows),
  };
}

/** `12 rows: no text (first: FILE, line 3)`, separated by semicolons. */
export const describeSkipped = (skipped: readonly SkippedRows[]): string =>
  skipped
    .map(
      ({ reason, rows, first }) =>
        `${rows} ${rows === 1 ? 'row' : 'rows'}: ${reason} (first: ${first})`,
    )
    .join('; ');
