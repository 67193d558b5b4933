import { judge, repliesTo } from './judge.ts';
import { has, numberOf, UnsoundRow } from './layout.ts';
import type { PairLayout } from './layout.ts';

/**
 * PKU-SafeRLHF: two replies and two labels, which of them is `better` and which is `safer`. The first one decides which
 * is chosen.
 */
export const pkuSafeRlhf: PairLayout = {
  name: 'PKU-SafeRLHF',
  fits: (record) => has(record, 'response_0', 'response_1', 'better_response_id'),
  read: (record) => {
    const better = preferenceOf(record['better_response_id'], 'better_response_id');
    const safer =
      'safer_response_id' in record
        ? preferenceOf(record['safer_response_id'], 'safer_response_id')
        : undefined;
    return [
      judge(repliesTo(record['prompt'], record['response_0'], record['response_1']), {
        preference: better,
        ...(safer !== undefined && { signals: { better, safer } }),
      }),
    ];
  },
};

function preferenceOf(id: unknown, column: string): number {
  const number = numberOf(id);
  if (number === 0) return 1;
  if (number === 1) return -1;
  throw new UnsoundRow(`a "${column}" that is neither 0 nor 1`);
}
