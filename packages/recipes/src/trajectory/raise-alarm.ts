import type { TrajectoryAlarm } from '@feedprint/report';
import type { Seen } from './seen.ts';

/** The alarm of one look: what was learned beyond what was told, more surely than `level` allows for chance. */
export function raiseAlarm(
  step: number,
  { items: seen }: Seen,
  level: number,
): TrajectoryAlarm | null {
  const items = seen
    .flatMap(({ kind, name, inWords, chance }) =>
      chance !== null && chance <= level ? [{ kind, name, inWords, chance }] : [],
    )
    .sort((a, b) => a.chance - b.chance);
  return items.length > 0 ? { step, items } : null;
}
