import type { GraderCalibration } from '@feedprint/recipes';
import { alignColumns, percentWithin } from '../tables.ts';

/** A line per planted fault, then what order does. */
export function formatGrader({ faults, first, consistent }: GraderCalibration): string {
  const rows = faults.map(({ fault, n, found, ties, gap }) => [
    fault,
    `${n}`,
    percentWithin(found),
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
    `the first of two replies called better: ${percentWithin(first)} of ${first.trials} (50 % without a bias)`,
    `the same reply in both orders: ${percentWithin(consistent)} of ${consistent.trials}`,
  ].join('\n')}\n`;
}
