import type { Tokenizer } from '@feedprint/core';

/** A tokenizer that takes the longest of its pieces at every place, single characters among them; token 0 stands before every text. */
export function greedyTokenizer(pieces: readonly string[]): Tokenizer {
  const letters = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));
  const all = ['<s>', ...pieces, ...letters];
  const longestFirst = [...all.keys()].slice(1).sort((a, b) => lengthOf(b) - lengthOf(a));
  function lengthOf(id: number): number {
    return (all[id] as string).length;
  }
  return {
    vocabularySize: all.length,
    specialIds: new Set([0]),
    encode: (text, { special, maxTokens } = {}) => {
      const ids = special ? [0] : [];
      for (let at = 0; at < text.length;) {
        const id = longestFirst.find((piece) => text.startsWith(all[piece] as string, at)) ?? 1;
        ids.push(id);
        at += lengthOf(id);
      }
      return ids.slice(0, maxTokens);
    },
    decode: (ids) => ids.map((id) => all[id]).join(''),
    tokenText: (id) => all[id] as string,
    fingerprint: all.join('|'),
  };
}
