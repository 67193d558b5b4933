import { batchTexts, positionsPerBatch } from '@feedprint/core';

/** Batches of neighbouring texts that one pass with logits may run. */
export const batchesOf = (
  rows: readonly ArrayLike<number>[],
  vocabularySize: number,
): { readonly start: number; readonly end: number }[] =>
  batchTexts(rows, positionsPerBatch(vocabularySize)).map((batch) => ({
    start: batch[0] as number,
    end: (batch.at(-1) as number) + 1,
  }));
