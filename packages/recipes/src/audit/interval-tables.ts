import type { TableRow } from '@feedprint/pipeline';
import type { BootstrapTrace, Interval } from '@feedprint/probe';
import { placeBelow } from './figures-table.ts';
import type { Table } from './finding.ts';

/** A bootstrap interval of the report and what it was read from. */
interface TracedInterval extends Interval {
  /** Its place in report.json: `estimators[0].tauB.interval`. */
  readonly figure: string;
  readonly bootstrap: BootstrapTrace;
}

/** All intervals in a value that keep what they were read from. */
function tracedIntervals(value: unknown, figure = ''): TracedInterval[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('bootstrap' in value && 'low' in value) return [{ ...(value as TracedInterval), figure }];
  return Object.entries(value).flatMap(([key, item]) =>
    tracedIntervals(item, placeBelow(figure, key, Array.isArray(value))),
  );
}

/**
 * `tables/intervals.parquet`, the intervals found that keep what they were read from; and `tables/resamples.parquet`,
 * the figure over the resamples for each of these.
 */
export function intervalTables(found: unknown): Table[] {
  const intervals = tracedIntervals(found);
  return [
    {
      name: 'intervals',
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
    },
    {
      name: 'resamples',
      columns: { figure: 'VARCHAR', value: 'DOUBLE' },
      rows: resampleRows(intervals),
    },
  ];
}

function* resampleRows(intervals: readonly TracedInterval[]): Generator<TableRow> {
  for (const { figure, bootstrap } of intervals) {
    for (const value of bootstrap.values) yield { figure, value };
  }
}
