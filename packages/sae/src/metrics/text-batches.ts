import type { TokenRows } from '@feedprint/core';

/** Logits of one batch hold at most this many numbers (64 MiB). */
const LOGITS_PER_BATCH = 1 << 24;
const MOST_POSITIONS = 4096;

/** Positions, padding counted, that a forward pass with logits for all of them may have. */
export const positionsPerBatch = (vocabularySize: number): number =>
  Math.max(1, Math.min(MOST_POSITIONS, Math.floor(LOGITS_PER_BATCH / vocabularySize)));

/** Runs of texts, in order, whose padded rectangle has at most so many positions; a longer text comes alone. */
export function textBatches(texts: TokenRows, positions: number): TokenRows[] {
  const batches: ArrayLike<number>[][] = [];
  let longest = 0;
  for (const text of texts) {
    const last = batches.at(-1);
    if (last && Math.max(longest, text.length) * (last.length + 1) <= positions) {
      last.push(text);
      longest = Math.max(longest, text.length);
    } else {
      batches.push([text]);
      longest = text.length;
    }
  }
  return batches;
}
