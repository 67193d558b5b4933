import { suggestMap } from '../suggest-map.ts';
import { UnsoundRow } from './layout.ts';
import type { PairLayout } from './layout.ts';

/** What is left of records with `chosen` or `rejected` after the layouts that read them: none holds a pair. */
export const incomplete: PairLayout = {
  name: 'chosen and rejected',
  fits: (record) => 'chosen' in record || 'rejected' in record,
  read: (record) => {
    for (const side of ['chosen', 'rejected']) {
      if (typeof record[side] === 'string' || Array.isArray(record[side])) continue;
      throw new UnsoundRow(`no "${side}" that is a text or a list of turns`, suggestMap([record]));
    }
    throw new UnsoundRow('a "prompt" that is neither a text nor turns');
  },
};
