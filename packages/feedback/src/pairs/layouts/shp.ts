import { judge, repliesTo } from './judge.ts';
import { has, numberOf, UnsoundRow } from './layout.ts';
import type { PairLayout } from './layout.ts';

/** SHP: a post (`history`) and two comments; `labels` is 1 where A has more votes. The margin is log `score_ratio`. */
export const shp: PairLayout = {
  name: 'SHP',
  fits: (record) => has(record, 'history', 'human_ref_A', 'human_ref_B', 'labels'),
  read: (record) => {
    const label = numberOf(record['labels']);
    if (label !== 0 && label !== 1) throw new UnsoundRow('"labels" that are neither 0 nor 1');
    const ratio = numberOf(record['score_ratio']);
    return [
      judge(repliesTo(record['history'], record['human_ref_A'], record['human_ref_B']), {
        preference: label === 1 ? 1 : -1,
        ...(ratio !== undefined && ratio > 0 && { margin: Math.abs(Math.log(ratio)) }),
      }),
    ];
  },
};
