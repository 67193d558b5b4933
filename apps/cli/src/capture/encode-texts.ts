import { FeedprintError } from '@feedprint/core';
import type { LanguageModel } from '@feedprint/core';

/** The first tokens of each text, as many as the model can see and `maxLength` allows; a text without tokens keeps its place. Counts those that were cut. */
export function encodeTexts(
  texts: readonly string[],
  { tokenizer, info }: Pick<LanguageModel, 'tokenizer' | 'info'>,
  maxLength = Infinity,
): { readonly rows: Int32Array[]; readonly truncated: number } {
  const most = Math.min(info.contextLength, maxLength);
  let truncated = 0;
  const rows = texts.map((text) => {
    const ids = tokenizer.encode(text, { maxTokens: most + 1, special: true });
    if (ids.length > most) truncated++;
    return Int32Array.from(ids.slice(0, most));
  });
  return { rows, truncated };
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
