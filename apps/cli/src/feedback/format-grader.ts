import type { GraderCalibration } from '@feedprint/recipes';
import type { Rate } from '@feedprint/probe';
import { alignColumns, percent } from '../tables.ts';

/** A line per planted fault, then what order does. */
export function formatGrader({ faults, first, consistent }: GraderCalibration): string {
  const rows = faults.map(({ fault, n, found, ties, gap }) => [
    fault,
    `${n}`,
    share(found),
    `${ties}`,
    gap === null ? '-' : gap.toFixed(2),
  ]);
  const table = alignColumns(
    [['fault', 'pairs', 'graded lower', 'ties', 'gap'], ...rows],
    new Set([1, 2, 3, 4]),
  );
  return `${[
    ...table,
    '',
    'padded: the longer one graded higher; it should be neither',
    `the first of two replies called better: ${share(first)} of ${first.trials} (50 % without a bias)`,
    `the same reply in both orders: ${share(consistent)} of ${consistent.trials}`,
  ].join('\n')}\n`;
}

const share = ({ value, interval }: Rate): string =>
  interval === null
    ? percent(value)
    : `${percent(value)} [${(100 * interval.low).toFixed(0)}, ${(100 * interval.high).toFixed(0)}]`;
