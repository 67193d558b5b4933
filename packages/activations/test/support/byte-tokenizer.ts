import type { Tokenizer } from '@feedprint/core';

/** GPT-2's rule for the pieces that its merges cannot cross. */
const pieces = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** Bytes by GPT-2's pieces; a piece of at most three bytes is one token. */
export const byteTokenizer: Tokenizer = {
  vocabularySize: 1 << 25,
  specialIds: new Set(),
  encode: (text, { maxTokens } = {}) =>
    (text.match(pieces) ?? [])
      .flatMap((piece) => {
        const bytes = new TextEncoder().encode(piece);
        const id = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
        return bytes.length <= 3 ? [bytes.length * (1 << 24) + id] : Array.from(bytes);
      })
      .slice(0, maxTokens),
  decode: () => '',
  tokenText: (id) => `${id}`,
  fingerprint: 'bytes',
};
