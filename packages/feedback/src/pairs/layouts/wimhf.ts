import { judge, repliesTo } from './judge.ts';
import { has, numberOf, UnsoundRow } from './layout.ts';
import type { PairLayout } from './layout.ts';

/** WIMHF: `label` is 1 where A is preferred, 0 where B is, 0.5 for a tie. */
export const wimhf: PairLayout = {
  name: 'WIMHF',
  fits: (record) => has(record, 'prompt', 'response_A', 'response_B', 'label'),
  read: (record) => {
    const label = numberOf(record['label']);
    if (label !== 0 && label !== 0.5 && label !== 1) {
      throw new UnsoundRow(
        'a "label" that is neither 1 (A) nor 0 (B)',
        'say what it means: --map chosen=response_A,rejected=response_B,prompt=prompt,label=label where a true label prefers A; exchange the two where it prefers B',
      );
    }
    return [
      judge(repliesTo(record['prompt'], record['response_A'], record['response_B']), {
        preference: 2 * label - 1,
      }),
    ];
  },
};
