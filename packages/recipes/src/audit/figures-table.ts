import type { RunFacts } from '@feedprint/report';
import type { Table } from './finding.ts';

/** A number of a report. */
export interface Figure {
  /** Its place in report.json: `words[3].interval.low`. */
  readonly figure: string;
  readonly value: number;
}

/** All numbers in a value, in order. */
export function figuresIn(value: unknown, figure = ''): Figure[] {
  if (typeof value === 'number') return [{ figure, value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    figuresIn(item, placeBelow(figure, key, Array.isArray(value))),
  );
}

/** The place of an element of a list, or of a key of an object. */
export const placeBelow = (place: string, key: string, inList: boolean): string =>
  inList ? `${place}[${key}]` : place === '' ? key : `${place}.${key}`;

/** `tables/figures.parquet`: the numbers of report.json by their places, except for those that differ every time. */
export const figuresTable = (report: RunFacts): Table => ({
  name: 'figures',
  columns: { figure: 'VARCHAR', value: 'DOUBLE' },
  rows: figuresIn({ ...report, seconds: null }).map((row) => ({ ...row })),
});
