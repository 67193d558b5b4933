import { judge, repliesTo } from './judge.ts';
import { has } from './layout.ts';
import type { PairLayout } from './layout.ts';
import { preferenceIn } from './named-winner.ts';

/** ICAI and Feedback Forensics: `text_a`, `text_b`, `preferred_text`; `prompt` may be missing. */
export const feedbackForensics: PairLayout = {
  name: 'Feedback Forensics',
  fits: (record) => has(record, 'text_a', 'text_b', 'preferred_text'),
  read: (record) => [
    judge(repliesTo(record['prompt'], record['text_a'], record['text_b']), {
      preference: preferenceIn(record, 'preferred_text', ['text_a', 'text_b']),
    }),
  ],
};
