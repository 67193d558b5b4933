import type { JsonObject } from '../../readers/row.ts';
import { asksAndAnswers } from './helpsteer-prompt.ts';
import { judge, repliesTo } from './judge.ts';
import { has, numberOf, UnsoundRow } from './layout.ts';
import type { PairLayout } from './layout.ts';

/** The strongest preference on the scale, which runs from -3 (the first is much better) to 3 (the second is). */
const STRONGEST = 3;

/**
 * HelpSteer2's preferences. A pair weighs as much as its preference is strong, as in the scaled Bradley-Terry loss
 * (arXiv 2410.01257), 1 at most; ties weigh 1.
 */
export const helpSteer2Preferences: PairLayout = {
  name: 'HelpSteer2 preferences',
  fits: (record) => has(record, 'prompt', 'response_1', 'response_2', 'preference_strength'),
  read: (record) => [
    judge(
      repliesTo(asksAndAnswers(record['prompt']), record['response_1'], record['response_2']),
      byStrength(record, 'preference_strength'),
    ),
  ],
};

/** HelpSteer3's preferences, weighted in the same way. */
export const helpSteer3: PairLayout = {
  name: 'HelpSteer3',
  fits: (record) => has(record, 'context', 'response1', 'response2', 'overall_preference'),
  read: (record) => [
    judge(
      repliesTo(record['context'], record['response1'], record['response2']),
      byStrength(record, 'overall_preference'),
    ),
  ],
};

function byStrength(record: JsonObject, column: string) {
  const strength = numberOf(record[column]);
  if (strength === undefined || Math.abs(strength) > STRONGEST) {
    throw new UnsoundRow(`a "${column}" that is not between -3 and 3`);
  }
  if (strength === 0) return { preference: 0 };
  const margin = Math.abs(strength);
  return { preference: -strength, margin, weight: margin / STRONGEST };
}
