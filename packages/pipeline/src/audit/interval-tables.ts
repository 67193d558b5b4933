import { join } from 'node:path';
import type { BootstrapTrace, Interval } from '@feedprint/probe';
import { writeParquet } from '../tables.ts';
import type { TableRow } from '../tables.ts';
import { placeBelow } from './figures-table.ts';

/** A bootstrap interval of the report and what it was read from. */
export interface TracedInterval extends Interval {
  /** Its place in report.json: `estimators[0].tauB.interval`. */
  readonly figure: string;
  readonly bootstrap: BootstrapTrace;
}

/** All intervals in a value that keep what they were read from. */
export function tracedIntervals(value: unknown, figure = ''): TracedInterval[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('bootstrap' in value && 'low' in value) return [{ ...(value as TracedInterval), figure }];
  return Object.entries(value).flatMap(([key, item]) =>
    tracedIntervals(item, placeBelow(figure, key, Array.isArray(value))),
  );
}

/** Writes `tables/intervals.parquet` and, for each of its rows, the figure over the resamples: `tables/resamples.parquet`. */
export async function writeIntervalTables(
  intervals: readonly TracedInterval[],
  runFolder: string,
): Promise<void> {
  const file = (name: string): string => join(runFolder, 'tables', `${name}.parquet`);
  await writeParquet({
    file: file('intervals'),
    columns: {
      figure: 'VARCHAR',
      low: 'DOUBLE',
      high: 'DOUBLE',
      lowLevel: 'DOUBLE',
      highLevel: 'DOUBLE',
    },
    rows: intervals.map(({ figure, low, high, bootstrap }) => ({
      figure,
      low,
      high,
      lowLevel: bootstrap.levels[0],
      highLevel: bootstrap.levels[1],
    })),
  });
  await writeParquet({
    file: file('resamples'),
    columns: { figure: 'VARCHAR', value: 'DOUBLE' },
    rows: resampleRows(intervals),
  });
}

function* resampleRows(intervals: readonly TracedInterval[]): Generator<TableRow> {
  for (const { figure, bootstrap } of intervals) {
    for (const value of bootstrap.values) yield { figure, value };
  }
}
