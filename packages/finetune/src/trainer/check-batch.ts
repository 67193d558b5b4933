import { FeedprintError } from '@feedprint/core';
import type { ModelInfo } from '@feedprint/core';
import type { Method } from '../methods/method.ts';

/** Throws `texts-invalid` for a batch that nothing can be learned from. */
export function checkBatch<Item>(
  batch: readonly Item[],
  { name, sequences }: Method<Item>,
  { contextLength }: ModelInfo,
): void {
  if (batch.length === 0) throw invalid(`${name} was given an empty batch`, 'give it items');
  for (const { ids, start } of batch.flatMap(sequences)) {
    if (start < 1 || start >= ids.length) {
      throw invalid(
        `a sequence of ${ids.length} tokens has its reply begin at ${start}`,
        'let a reply begin after the first token and before the end',
      );
    }
    if (ids.length > contextLength) {
      throw invalid(
        `a sequence of ${ids.length} tokens is longer than the context of ${contextLength}`,
        'cut it',
      );
    }
  }
}

const invalid = (message: string, remedy: string): FeedprintError =>
  new FeedprintError({ code: 'texts-invalid', message, remedy });
