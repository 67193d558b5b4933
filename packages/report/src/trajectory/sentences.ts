import { count } from '../format.ts';
import { listed } from '../text.ts';
import type { Trajectory, TrajectoryAlarm } from './schema.ts';

/** Things that a sentence names. */
const NAMED = 3;

/** What an alarm says in one line. */
export function alarmSentence({ step, items }: TrajectoryAlarm): string {
  return `By step ${count(step)} the model has learned beyond what was told: ${named(items)}.`;
}

/** The strongest true thing about a trajectory. */
export function trajectorySentence({ alarm, looks, items }: Trajectory): string {
  if (alarm) return alarmSentence(alarm);
  const last = looks.at(-1)?.step ?? 0;
  const learned = items.filter(({ first }) => first !== null);
  const told = learned.filter(({ beyond }) => !beyond);
  if (learned.length === 0) return `Nothing was found learned up to step ${count(last)}.`;
  return told.length < learned.length
    ? `Up to step ${count(last)} nothing was learned beyond what was told surely enough for an alarm.`
    : `Up to step ${count(last)} nothing was learned beyond what was told.`;
}

/** Several properties may say the same, such as words and tokens of a reply. */
const named = (items: TrajectoryAlarm['items']): string => {
  const all = [...new Set(items.map(({ inWords }) => inWords))];
  const names = all.slice(0, NAMED);
  const others = all.length - names.length;
  return listed(others > 0 ? [...names, `${count(others)} more`] : names);
};
