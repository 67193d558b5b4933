import type { Tokenizer } from '@feedprint/core';

export interface TokenizedTexts {
  /** Token ids of each text, cut to the context; texts of fewer than two tokens left out. */
  readonly rows: readonly Int32Array[];
  /** Texts that were cut. */
  readonly truncated: number;
}

/** Characters per token of context that are tokenised at first; more if they give too few tokens. */
const GUESS = 6;

/** Tokenises only as much of each text as the context can hold. */
export function tokenizeTexts(
  texts: readonly string[],
  tokenizer: Tokenizer,
  contextLength: number,
): TokenizedTexts {
  const rows: Int32Array[] = [];
  let truncated = 0;
  for (const text of texts) {
    const ids = encodeStart(text, tokenizer, contextLength + 1);
    if (ids.length < 2) continue;
    if (ids.length > contextLength) truncated++;
    rows.push(Int32Array.from(ids.slice(0, contextLength)));
  }
  return { rows, truncated };
}

/** At least the first `wanted` tokens of a text, or all: the part tokenised ends between two words. */
function encodeStart(text: string, tokenizer: Tokenizer, wanted: number): readonly number[] {
  for (let length = wanted * GUESS; ; length *= 2) {
    const end = wordEnd(text, length);
    const ids = tokenizer.encode(text.slice(0, end));
    if (end === text.length || ids.length >= wanted) return ids;
  }
}

/** Where a letter or digit is followed by one space and a letter, at or after `from`: no tokenizer joins across it. */
function wordEnd(text: string, from: number): number {
  const boundary = /(?<=[\p{L}\p{N}]) (?=\p{L})/gu;
  boundary.lastIndex = from;
  return boundary.exec(text)?.index ?? text.length;
}
