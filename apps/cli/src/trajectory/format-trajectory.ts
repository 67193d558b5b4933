import type { TrajectoryResult } from '@feedprint/recipes';
import { trajectorySentence } from '@feedprint/report';
import { alignColumns } from '../tables.ts';
import { wrapped } from '../wrapped.ts';

/** Items that the table shows. */
const SHOWN = 20;

/** A trajectory as a sentence, a table and the place of its page. */
export function formatTrajectory({ trajectory, html }: TrajectoryResult, columns: number): string {
  const { items } = trajectory;
  const number = (value: number | null): string => (value === null ? '-' : value.toFixed(0));
  const rows = items.slice(0, SHOWN).map(({ inWords, beyond, first, half, looks }) => {
    const { effect = 0, low = 0, high = 0 } = looks.at(-1) ?? {};
    const final = `${effect.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
    return [inWords, beyond ? 'yes' : '', number(first), number(half), final];
  });
  const head = ['learned', 'beyond told', 'seen at step', 'half at step', 'at the end, nats'];
  const others = items.length - rows.length;
  return [
    '',
    ...wrapped(trajectorySentence(trajectory), columns),
    '',
    ...(rows.length > 0 ? [...alignColumns([head, ...rows], new Set([2, 3])), ''] : []),
    ...(others > 0 ? [`and ${others} more in tables/trajectory.parquet`, ''] : []),
    `Report: ${html}`,
    '',
  ].join('\n');
}
