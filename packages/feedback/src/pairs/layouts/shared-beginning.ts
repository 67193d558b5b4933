import { UnsoundRow } from './layout.ts';
import type { PairLayout, PairTexts } from './layout.ts';
import { marginOf } from './margin.ts';
import { promptColumns } from './prompt-columns.ts';

/**
 * TRL's implicit prompt: `chosen` and `rejected` are whole texts, and the prompt is what they share at their beginning,
 * up to the white space before the first word that differs.
 */
export const sharedBeginning: PairLayout = {
  name: 'texts that share a prompt',
  fits: (record) =>
    [record['chosen'], record['rejected']].every((side) => typeof side === 'string') &&
    promptColumns(record).length === 0,
  read: (record) => {
    const pair = splitTexts(record['chosen'] as string, record['rejected'] as string);
    if (pair.prompt !== '') return [{ ...pair, ...marginOf(record) }];
    throw new UnsoundRow(
      'no "prompt", and "chosen" and "rejected" begin with different words',
      "name the prompt's column, or leave it out if there is none: --map chosen=chosen,rejected=rejected[,prompt=COLUMN]",
    );
  },
};

/** Two texts, split where they begin to differ; white space before that belongs to the replies. */
export function splitTexts(chosen: string, rejected: string): PairTexts {
  let end = 0;
  while (end < chosen.length && end < rejected.length && chosen[end] === rejected[end]) end++;
  const isBoundary = [chosen, rejected].every(
    (text) => end === text.length || /\s/.test(text[end] as string),
  );
  let start = isBoundary ? end : chosen.slice(0, end).search(/\s\S*$/);
  start = Math.max(0, start);
  while (start > 0 && /\s/.test(chosen[start - 1] as string)) start--;
  return {
    prompt: chosen.slice(0, start),
    chosen: chosen.slice(start),
    rejected: rejected.slice(start),
  };
}
