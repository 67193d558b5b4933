import { FeedprintError } from '@feedprint/core';
import type { Tokenizer } from '@feedprint/core';

/**
 * Throws `checkpoint-invalid` for a tokenizer with more tokens than a model has rows for. Special tokens may go beyond
 * these: padding that was added for training occurs in no text, and a text that does contain it is refused when it is
 * run.
 */
export function assertVocabulary(where: string, tokenizer: Tokenizer, rows: number): void {
  if (tokenizer.missing) return;
  const { specialIds, vocabularySize } = tokenizer;
  const beyond = Array.from({ length: Math.max(0, vocabularySize - rows) }, (_, i) => rows + i);
  if (beyond.every((id) => specialIds.has(id))) return;
  throw new FeedprintError({
    code: 'checkpoint-invalid',
    message: `${where}: the tokenizer has ${vocabularySize} tokens, the model has only ${rows}`,
    remedy: 'use the tokenizer.json that belongs to the model',
  });
}
