import type { FeedbackSignal } from '@feedprint/core';
import type { Lexicon } from './vader-lexicon.ts';
import { loadVaderLexicon } from './vader-lexicon.ts';

/**
 * The VADER valence of single tokens, in [-4, 4].
 *
 * A token is scored when its text is one space and then exactly an entry of the lexicon that has at least one letter:
 * `" good"` scores 1.9. Everything else is `undefined`: `"good"` (a piece of a longer word), `"  good"`, `" :)"`, and
 * `" Good"`, for entries are in lower case and the token's case is kept as written. A piece that begins a longer word but
 * happens to be an entry (`" won"` in `" won|dered"`) is scored, for feedback that acts on tokens cannot tell.
 */
export function createVaderSignal(lexicon: Lexicon = loadVaderLexicon()): FeedbackSignal {
  return {
    name: 'vader',
    granularity: 'token',
    range: [-4, 4],
    score: (examples) =>
      examples.map((token) => {
        const entry = token.slice(1);
        return token.startsWith(' ') && /\p{L}/u.test(entry) ? lexicon.get(entry) : undefined;
      }),
  };
}
