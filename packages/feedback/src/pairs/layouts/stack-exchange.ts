import { repliesTo } from './judge.ts';
import { has } from './layout.ts';
import type { PairLayout } from './layout.ts';

/** Stack Exchange as prepared for StackLLaMA: of `response_j` and `response_k`, the first is the better one. */
export const stackExchange: PairLayout = {
  name: 'stack-exchange',
  fits: (record) => has(record, 'question', 'response_j', 'response_k'),
  read: (record) => [repliesTo(record['question'], record['response_j'], record['response_k'])],
};
