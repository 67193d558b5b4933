import { spendAlpha, whenLearned } from '@feedprint/probe';
import { trajectorySchema } from '@feedprint/report';
import type { Trajectory, TrajectoryItem } from '@feedprint/report';
import { raiseAlarm } from './raise-alarm.ts';
import type { Seen, SeenItem } from './seen.ts';

/** What the looks at all checkpoints found, in the order of the steps. */
export interface Looks {
  readonly looks: readonly { readonly step: number; readonly audit: string; readonly seen: Seen }[];
  readonly about: Pick<
    Trajectory,
    'feedprint' | 'name' | 'command' | 'base' | 'steps' | 'alpha' | 'labelsTell'
  >;
}

/** When what was learned, from what all looks saw. */
export function composeTrajectory({ looks, about }: Looks): Trajectory {
  const { steps, alpha } = about;
  const levels = spendAlpha(
    looks.map(({ step }) => step / steps),
    alpha,
  );
  const alarms = looks.flatMap(
    ({ step, seen }, i) => raiseAlarm(step, seen, levels[i] as number) ?? [],
  );
  return trajectorySchema.parse({
    schema: 'feedprint-trajectory/1',
    ...about,
    looks: looks.map(({ step, audit, seen: { items: _, ...seen } }, i) => ({
      ...{ step, level: levels[i] as number, audit, ...seen },
    })),
    items: itemsOf(looks),
    alarm: alarms[0] ?? null,
  } satisfies Trajectory);
}

/** What was learned at any look: beyond what was told first, then what was learned first, then what weighs most. */
function itemsOf(looks: Looks['looks']): TrajectoryItem[] {
  const found = new Map<string, { readonly step: number; readonly item: SeenItem }[]>();
  for (const { step, seen } of looks) {
    for (const item of seen.items) {
      const key = `${item.kind} ${item.name}`;
      found.set(key, [...(found.get(key) ?? []), { step, item }]);
    }
  }
  return [...found.values()]
    .filter((all) => all.some(({ item }) => item.learned))
    .map((all): TrajectoryItem => {
      const { kind, name, inWords } = (all.at(-1) as (typeof all)[number]).item;
      return {
        ...{ kind, name, inWords },
        beyond: all.some(({ item }) => item.chance !== null),
        ...whenLearned(
          all.map(({ step, item: { effect, learned } }) => ({ step, effect, isLearned: learned })),
        ),
        looks: all.map(({ step, item: { effect, low, high, learned, chance } }) => ({
          ...{ step, effect, low, high, learned, chance },
        })),
      };
    })
    .sort(
      (a, b) =>
        Number(b.beyond) - Number(a.beyond) ||
        (a.first ?? Infinity) - (b.first ?? Infinity) ||
        finalEffect(b) - finalEffect(a),
    );
}

const finalEffect = ({ looks }: TrajectoryItem): number => looks.at(-1)?.effect ?? 0;
