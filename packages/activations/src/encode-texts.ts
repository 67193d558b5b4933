import type { LanguageModel } from '@feedprint/core';

export interface EncodeTextsOptions {
  /** Tokens that are kept of a text at most. Default, and never more than: the model's context. */
  readonly maxTokens?: number;
  /** Texts of fewer tokens are left out: 2 where tokens are to be predicted. Default 0, so that row i is text i. */
  readonly minTokens?: number;
}

export interface EncodedTexts {
  /** Token ids of each text. */
  readonly rows: Int32Array[];
  /** Texts that were cut. */
  readonly truncated: number;
}

/** The first tokens of each text, as the model expects texts and as many as it can see; no more of a text is tokenised. */
export function encodeTexts(
  { tokenizer, info }: Pick<LanguageModel, 'tokenizer' | 'info'>,
  texts: readonly string[],
  { maxTokens = Infinity, minTokens = 0 }: EncodeTextsOptions = {},
): EncodedTexts {
  const most = Math.min(info.contextLength, maxTokens);
  const rows: Int32Array[] = [];
  let truncated = 0;
  for (const text of texts) {
    const ids = tokenizer.encode(text, { maxTokens: most + 1, special: true });
    if (ids.length < minTokens) continue;
    if (ids.length > most) truncated++;
    rows.push(Int32Array.from(ids.slice(0, most)));
  }
  return { rows, truncated };
}
