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

/**
 * Two texts, split before the first word that differs, or before the last word of a text with which the other begins;
 * white space before it belongs to the replies.
 */
export function splitTexts(chosen: string, rejected: string): PairTexts {
  const shorter = Math.min(chosen.trimEnd().length, rejected.trimEnd().length);
  let start = 0;
  while (start < shorter && chosen[start] === rejected[start]) start++;
  const differInWords = [chosen, rejected].some((text) => /\S/.test(text[start] as string));
  if (start === shorter || differInWords) start = chosen.slice(0, start).search(/\S*$/);
  while (start > 0 && /\s/.test(chosen[start - 1] as string)) start--;
  return {
    prompt: chosen.slice(0, start),
    chosen: chosen.slice(start),
    rejected: rejected.slice(start),
  };
}
