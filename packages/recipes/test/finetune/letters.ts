import type { Tokenizer } from '@feedprint/core';

/** A token per character. */
export const letters: Tokenizer = {
  vocabularySize: 256,
  specialIds: new Set(),
  encode: (text) => Array.from(text, (letter) => letter.charCodeAt(0)),
  decode: (ids) => ids.map((id) => String.fromCharCode(id)).join(''),
  tokenText: (id) => String.fromCharCode(id),
  fingerprint: 'letters',
};
