import type { Tokenizer } from '@feedprint/core';

/** A tokenizer over a list of token texts; token 0 is special. */
export function wordTokenizer(texts: readonly string[]): Tokenizer {
  const all = ['<|endoftext|>', ...texts];
  return {
    vocabularySize: all.length,
    specialIds: new Set([0]),
    encode: (text, { maxTokens } = {}) =>
      (text.match(/ ?[^ ]+/g) ?? []).slice(0, maxTokens).map((token) => all.indexOf(token)),
    decode: (ids) => ids.map((id) => all[id]).join(''),
    tokenText: (id) => all[id] as string,
    fingerprint: all.join('|'),
  };
}
