import type { FeedbackSignal } from '@feedprint/core';
import { repliesOf } from './pairs/replies-of.ts';

/**
 * Feedback on pairs, made from feedback on replies: the chosen reply's score minus the rejected one's, within the width
 * of the signal's range on either side of 0; `undefined` if the signal is silent on one of them.
 */
export function pairSignal(signal: FeedbackSignal<'sequence'>): FeedbackSignal<'pair'> {
  const [low, high] = signal.range;
  return {
    name: `${signal.name} difference`,
    granularity: 'pair',
    range: [low - high, high - low],
    score: async (pairs) => {
      const scores = await signal.score(pairs.flatMap(repliesOf));
      return pairs.map((_, i) => {
        const [chosen, rejected] = [scores[2 * i], scores[2 * i + 1]];
        return chosen === undefined || rejected === undefined ? undefined : chosen - rejected;
      });
    },
  };
}
