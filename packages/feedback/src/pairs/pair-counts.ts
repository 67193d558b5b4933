import { createHash } from 'node:crypto';
import type { PairRecord, PairSummary } from './pair-file.ts';

/** Number of pairs that are kept to be shown. */
const SHOWN = 3;

/** Counts pairs as they pass; of each, a hash of 64 bits is kept to find duplicates. */
export function createPairCounts() {
  const seen = new Set<bigint>();
  const signals = new Set<string>();
  const examples: PairRecord[] = [];
  let [count, ties, duplicates] = [0, 0, 0];
  return {
    add: (pair: PairRecord): void => {
      count++;
      if (pair.tie) ties++;
      const key = keyOf(pair);
      if (seen.has(key)) duplicates++;
      else seen.add(key);
      for (const name of Object.keys(pair.signals ?? {})) signals.add(name);
      if (examples.length < SHOWN) examples.push(pair);
    },
    counts: (): Pick<PairSummary, 'count' | 'ties' | 'duplicates' | 'signals' | 'examples'> => ({
      count,
      ties,
      duplicates,
      signals: [...signals],
      examples: [...examples],
    }),
  };
}

const keyOf = ({ prompt, chosen, rejected }: PairRecord): bigint =>
  createHash('sha1')
    .update(JSON.stringify([prompt, chosen, rejected]))
    .digest()
    .readBigUInt64LE();
