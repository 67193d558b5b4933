import type { TokenRows } from './contracts/language-model.ts';

/** Logits of one batch hold at most this many numbers (64 MiB). */
const LOGITS_PER_BATCH = 1 << 24;
const MOST_POSITIONS = 4096;

/** Positions, padding counted, that a forward pass with logits for all of them may have. */
export const positionsPerBatch = (vocabularySize: number): number =>
  Math.max(1, Math.min(MOST_POSITIONS, Math.floor(LOGITS_PER_BATCH / vocabularySize)));

/**
 * Divides texts, in the order given (default: their own), into batches of neighbours whose padded rectangle has at most so many
 * positions; a longer text comes alone. Gives indices of the texts.
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
