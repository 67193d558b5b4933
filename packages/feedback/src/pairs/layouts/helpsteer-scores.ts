import { isObject } from '../../readers/row.ts';
import type { JsonObject, Row, Rows } from '../../readers/row.ts';
import { asksAndAnswers } from './helpsteer-prompt.ts';
import { judge, repliesTo } from './judge.ts';
import { has, numberOf, UnsoundRow } from './layout.ts';
import type { PairLayout } from './layout.ts';

/** What replies are scored for, from 0 to 4; the first decides. */
const attributes = ['helpfulness', 'correctness', 'coherence', 'complexity', 'verbosity'] as const;

const HIGHEST = 4;

/** Whether a record is a reply with HelpSteer2's scores. */
export const isScored = (record: JsonObject): boolean =>
  has(record, 'prompt', 'response', ...attributes);

/** Two consecutive replies to the same prompt as one record `{first, second}`; a reply without a second one alone. */
export async function* inTwos(rows: Rows): Rows {
  let held: Row | undefined;
  for await (const row of rows) {
    if (!held) {
      held = row;
      continue;
    }
    const [first, second]: readonly unknown[] = [held.value, row.value];
    const isPair: boolean =
      isObject(first) && isObject(second) && first['prompt'] === second['prompt'];
    yield isPair ? { value: { first, second }, place: held.place } : held;
    held = isPair ? undefined : row;
  }
  if (held) yield held;
}

/**
 * HelpSteer2: two consecutive rows per prompt, each a reply with five scores. The more helpful one is chosen; the pair
 * weighs as much as they differ, 1 at most; the other scores are signals of their own.
 */
export const helpSteerScores: PairLayout = {
  name: 'HelpSteer2 scores',
  fits: (record) => isScored(record) || (isObject(record['first']) && isScored(record['first'])),
  read: ({ first, second }) => {
    if (!isObject(first) || !isObject(second)) {
      throw new UnsoundRow('a reply without a second one to the same prompt');
    }
    const signals = Object.fromEntries(
      attributes.map((name) => [name, scoreOf(first, name) - scoreOf(second, name)]),
    );
    const preference = signals['helpfulness'] as number;
    const margin = Math.abs(preference);
    return [
      judge(repliesTo(asksAndAnswers(first['prompt']), first['response'], second['response']), {
        preference,
        signals,
        ...(margin > 0 && { margin, weight: margin / HIGHEST }),
      }),
    ];
  },
};

function scoreOf(record: JsonObject, name: string): number {
  const score = numberOf(record[name]);
  if (score === undefined) throw new UnsoundRow(`a "${name}" that is not a number`);
  return score;
}
