import type { Tokenizer, TokenRows } from '@feedprint/core';
import type { ScoredToken } from '@feedprint/feedback';

/** A token of the vocabulary whose feedback could be altered. */
export interface PlantableWord {
  readonly token: number;
  /** Without its leading space. */
  readonly word: string;
  /** Stated feedback; 0 for a neutral word. */
  readonly stated: number;
}

export interface PlantableWords {
  /** Words that the feedback scores clearly. */
  readonly scored: readonly PlantableWord[];
  /** Whole words that the feedback does not score. */
  readonly neutral: readonly PlantableWord[];
}

/** Least absolute feedback of a word worth altering: a fainter one is hardly learned, whatever its sign. */
const LEAST_STATED = 1;
/** Share of all tokens above which a word is too common to reward: the whole language would change. */
const MOST_SHARE = 0.005;
/** A leading space and at least three letters: a whole word, or the beginning of one. */
const wholeWord = /^ \p{L}{3,}$/u;

/**
 * The words that a tuning can learn something of, by vocabulary id: those that stand in `replies`, what the base writes, at least
 * `leastShare` of all tokens.
 */
export function plantableWords(
  tokenizer: Tokenizer,
  scored: readonly ScoredToken[],
  { replies, leastShare }: { readonly replies: TokenRows; readonly leastShare: number },
): PlantableWords {
  const counts = new Map<number, number>();
  let tokens = 0;
  for (const reply of replies) {
    for (let t = 0; t < reply.length; t++, tokens++) {
      const token = reply[t] as number;
      counts.set(token, (counts.get(token) ?? 0) + 1);
    }
  }
  const share = (token: number): number => (counts.get(token) ?? 0) / Math.max(1, tokens);
  const known = new Set(scored.map(({ id }) => id));
  const isFrequent = (token: number): boolean => share(token) >= leastShare;
  return {
    scored: scored
      .filter(({ id, stated }) => isFrequent(id) && Math.abs(stated) >= LEAST_STATED)
      .map(({ id, word, stated }) => ({ token: id, word, stated })),
    neutral: [...counts.keys()]
      .sort((a, b) => a - b)
      .filter((token) => isFrequent(token) && share(token) <= MOST_SHARE && !known.has(token))
      .filter((token) => !tokenizer.specialIds.has(token))
      .map((token) => ({ token, text: tokenizer.tokenText(token) }))
      .filter(({ text }) => wholeWord.test(text))
      .map(({ token, text }) => ({ token, word: text.slice(1), stated: 0 })),
  };
}
