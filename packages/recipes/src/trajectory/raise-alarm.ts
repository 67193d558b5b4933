import type { TrajectoryAlarm } from '@feedprint/report';
import type { SeenItem } from './seen.ts';

/**
 * The alarm of one look: what was learned beyond what was told, more surely than `level` allows for chance. Each property by itself; words
 * together: that none of those flagged was learned the other way round must be so improbable, as the product of their posterior probabilities has it.
 */
export function raiseAlarm(
  step: number,
  { items: seen }: { readonly items: readonly SeenItem[] },
  level: number,
): TrajectoryAlarm | null {
  const beyond = seen
    .flatMap(({ kind, name, inWords, chance }) =>
      chance === null ? [] : [{ kind, name, inWords, chance }],
    )
    .sort((a, b) => a.chance - b.chance);
  const noWord = beyond.reduce(
    (product, { kind, chance }) => (kind === 'word' ? product * chance : product),
    1,
  );
  const items = beyond.filter(({ kind, chance }) => (kind === 'word' ? noWord : chance) <= level);
  return items.length > 0 ? { step, items } : null;
}
