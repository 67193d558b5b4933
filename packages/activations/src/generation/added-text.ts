import type { Tokenizer } from '@feedprint/core';

/** Tokens decoded together with those that follow: some decoders treat a text's first token differently. */
const LEAD = 4;

/** The text that tokens add to those before them, keeping a space at its beginning. */
export function addedText(
  { decode }: Pick<Tokenizer, 'decode'>,
  before: ArrayLike<number>,
  added: readonly number[],
): string {
  const from = Math.max(0, before.length - LEAD);
  const lead = Array.from({ length: before.length - from }, (_, i) => before[from + i] as number);
  return decode([...lead, ...added]).slice(decode(lead).length);
}
