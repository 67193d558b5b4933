import { openPreferencePairs } from './open-preference-pairs.ts';
import type { ReadPairsOptions } from './open-preference-pairs.ts';
import type { PairFile, PairRecord } from './pair-file.ts';

/** All pairs of a file that `openPreferencePairs` reads one after another. Throws what it throws. */
export async function readPreferencePairs(
  path: string,
  options: ReadPairsOptions = {},
): Promise<PairFile> {
  const open = await openPreferencePairs(path, options);
  const pairs: PairRecord[] = [];
  for await (const pair of open.pairs) pairs.push(pair);
  return { ...open.summary(), pairs };
}
