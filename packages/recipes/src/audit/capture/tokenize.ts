import type { Tokenizer } from '@feedprint/core';

export interface TokenizedTexts {
  /** Token ids of each text, cut to the context; texts of fewer than two tokens are left out. */
  readonly rows: readonly Int32Array[];
  /** Number of texts that were cut. */
  readonly truncated: number;
}

/** Tokenises only as much of each text as the context can hold. */
export function tokenizeTexts(
  texts: readonly string[],
  tokenizer: Tokenizer,
  contextLength: number,
): TokenizedTexts {
  const rows: Int32Array[] = [];
  let truncated = 0;
  for (const text of texts) {
    const ids = tokenizer.encode(text, { maxTokens: contextLength + 1, special: true });
    if (ids.length < 2) continue;
    if (ids.length > contextLength) truncated++;
    rows.push(Int32Array.from(ids.slice(0, contextLength)));
  }
  return { rows, truncated };
}
