import type { Rate } from '@feedprint/probe';

/** Lines of cells, each column as wide as its longest cell; columns named in `right` end flush. */
export function alignColumns(
  rows: readonly (readonly string[])[],
  right: ReadonlySet<number> = new Set(),
): string[] {
  const widths = rows.reduce<number[]>(
    (longest, row) => row.map((cell, i) => Math.max(longest[i] ?? 0, cell.length)),
    [],
  );
  return rows.map((row) =>
    row
      .map((cell, i) =>
        right.has(i) ? cell.padStart(widths[i] as number) : cell.padEnd(widths[i] as number),
      )
      .join('  ')
      .trimEnd(),
  );
}

/** A table of numbers: the first column is text, the others end flush. */
export const numberTable = (rows: readonly (readonly string[])[]): string =>
  `${alignColumns(rows, new Set(rows[0]?.map((_, i) => i).slice(1))).join('\n')}\n`;

/** 1.5 GiB and the like. */
export function bytes(count: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, count)) / 10));
  const value = count / 2 ** (10 * power);
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`;
}

/** A share as 12.3 %; a dash for what is not defined. */
export const percent = (share: number | null): string =>
  share === null ? '-' : `${(100 * share).toFixed(1)} %`;

/** A share with its 95 % interval in whole percents: 62.5 % [30, 86]. */
export const percentWithin = ({ value, interval }: Rate): string =>
  interval === null
    ? percent(value)
    : `${percent(value)} [${(100 * interval.low).toFixed(0)}, ${(100 * interval.high).toFixed(0)}]`;

/** A JSON object a line. */
export const toJsonLines = (values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('');
