import { isObject } from '../../readers/row.ts';
import { afterPrompt } from './conversations.ts';
import { present } from './layout.ts';
import type { PairLayout } from './layout.ts';
import { marginOf } from './margin.ts';
import { turnsOf } from './turns.ts';

/** LLaMA-Factory: `conversations` of `{from, value}`, of which `chosen` and `rejected` are the last turn; `system`. */
export const shareGpt: PairLayout = {
  name: 'LLaMA-Factory conversations',
  fits: ({ conversations, chosen, rejected }) =>
    Array.isArray(conversations) && isObject(chosen) && isObject(rejected),
  read: (record) => {
    const system = present(record['system']);
    const before = turnsOf(record['conversations'], 'conversations');
    const prompt = [
      ...(typeof system === 'string' && system !== '' ? [{ role: 'system', content: system }] : []),
      ...before,
    ];
    return [{ ...afterPrompt(prompt, record['chosen'], record['rejected']), ...marginOf(record) }];
  },
};
