import type { JsonObject } from '../../readers/row.ts';
import { numberOf } from './layout.ts';

/** Columns in which data sets keep the scores of the chosen and of the rejected reply. */
const scores = [
  ['score_chosen', 'score_rejected'],
  ['chosen_score', 'rejected_score'],
  ['chosen_rating', 'rejected_rating'],
  ['chosen-rating', 'rejected-rating'],
] as const;

/** By how much the chosen reply is better, if the record says so: `margin`, or the difference of two scores. */
export function marginOf(record: JsonObject): { readonly margin?: number } {
  const stated = numberOf(record['margin']);
  if (stated !== undefined) return { margin: stated };
  for (const [a, b] of scores) {
    const [chosen, rejected] = [numberOf(record[a]), numberOf(record[b])];
    if (chosen !== undefined && rejected !== undefined) return { margin: chosen - rejected };
  }
  return {};
}
