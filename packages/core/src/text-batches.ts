import type { TokenRows } from './contracts/language-model.ts';

/** Most logits in one batch (64 MiB). */
const LOGITS_PER_BATCH = 1 << 24;
const MOST_POSITIONS = 4096;

/** Most positions, including padding, of a forward pass that computes logits for all of them. */
export const positionsPerBatch = (vocabularySize: number): number =>
  Math.max(1, Math.min(MOST_POSITIONS, Math.floor(LOGITS_PER_BATCH / vocabularySize)));

/**
 * Divides texts, in the order given (default: their own), into batches of neighbours whose padded rectangle has at most
 * this many positions; a longer text gets a batch of its own. Returns indices of the texts.
 */
export function batchTexts(
  texts: TokenRows,
  positions: number,
  order: readonly number[] = [...texts.keys()],
): number[][] {
  const batches: number[][] = [];
  let longest = 0;
  for (const t of order) {
    const { length } = texts[t] as ArrayLike<number>;
    const batch = batches.at(-1);
    if (batch && Math.max(longest, length) * (batch.length + 1) <= positions) {
      batch.push(t);
      longest = Math.max(longest, length);
    } else {
      batches.push([t]);
      longest = length;
    }
  }
  return batches;
}
