import { FeedprintError } from '@feedprint/core';
import type { LanguageModel } from '@feedprint/core';

/** The first tokens of each text, as many as the model can see and `maxLength` allows; a text without tokens keeps its place. */
export function encodeTexts(
  texts: readonly string[],
  { tokenizer, info }: Pick<LanguageModel, 'tokenizer' | 'info'>,
  maxLength = Infinity,
): Int32Array[] {
  const maxTokens = Math.min(info.contextLength, maxLength);
  return texts.map((text) => Int32Array.from(tokenizer.encode(text, { maxTokens, special: true })));
}

/** Throws `texts-invalid` if no text has a token. */
export function checkTokens(rows: readonly Int32Array[], file: string): void {
  if (rows.some(({ length }) => length > 0)) return;
  throw new FeedprintError({
    code: 'texts-invalid',
    message: `no text of ${file} has a token`,
    remedy: 'give texts that are not empty',
  });
}
