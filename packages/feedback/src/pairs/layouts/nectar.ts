import { isObject } from '../../readers/row.ts';
import { has, numberOf, UnsoundRow } from './layout.ts';
import type { PairLayout } from './layout.ts';
import { rankedPairs } from './ranked.ts';

/** Nectar: several answers to a prompt, ranked from 1, the best. */
export const nectar: PairLayout = {
  name: 'Nectar ranks',
  fits: (record) => has(record, 'prompt') && Array.isArray(record['answers']),
  read: (record) => {
    const answers = (record['answers'] as readonly unknown[]).map((each) => {
      const { answer, rank } = isObject(each) ? each : {};
      const place = numberOf(rank);
      if (typeof answer === 'string' && place !== undefined)
        return { reply: answer, score: -place };
      throw new UnsoundRow('an answer without "answer" and "rank"');
    });
    if (answers.length < 2) throw new UnsoundRow('fewer than two answers');
    return rankedPairs(record['prompt'], answers);
  },
};
