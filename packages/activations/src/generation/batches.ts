import type { ModelInfo, TokenRows } from '@feedprint/core';

/** Bytes of keys and values that one batch may keep. */
const CACHE_BYTES = 2 ** 28;
/** Bytes of logits of one step. */
const LOGIT_BYTES = 2 ** 26;
const FLOAT = 4;

/** Divides prompts into batches of similar lengths whose keys, values and logits are bounded; returns their indices. */
export function divideIntoBatches(
  { layers, width, vocabularySize, contextLength }: ModelInfo,
  prompts: TokenRows,
  maxNewTokens: number,
): number[][] {
  const positions = Math.max(1, Math.floor(CACHE_BYTES / (2 * FLOAT * layers * width)));
  const rows = Math.max(1, Math.floor(LOGIT_BYTES / (FLOAT * vocabularySize)));
  const length = (i: number): number => (prompts[i] as ArrayLike<number>).length;
  // Longest first: a batch is as long as its first row.
  const order = [...prompts.keys()].sort((a, b) => length(b) - length(a) || a - b);
  const batches: number[][] = [];
  for (let at = 0; at < order.length;) {
    const longest = Math.min(contextLength, length(order[at] as number) + maxNewTokens);
    const count = Math.min(rows, Math.max(1, Math.floor(positions / longest)));
    batches.push(order.slice(at, at + count));
    at += count;
  }
  return batches;
}
