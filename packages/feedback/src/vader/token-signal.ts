import type { FeedbackSignal } from '@feedprint/core';
import type { Lexicon } from './lexicon.ts';
import { loadVaderLexicon } from './lexicon.ts';

/**
 * What a lexicon says about a token: its text must be one space and then exactly an entry that has at least one letter.
 *
 * Everything else is `undefined`: `"good"` (a piece of a longer word), `"  good"`, `" :)"`, and `" Good"`, since the
 * token's case is kept as written. A piece that begins a longer word but happens to be an entry (`" won"` in `"
 * won|dered"`) is scored, since feedback that acts on tokens cannot tell the difference.
 */
export function tokenValence(lexicon: Lexicon, token: string): number | undefined {
  const entry = token.slice(1);
  return token.startsWith(' ') && /\p{L}/u.test(entry) ? lexicon.get(entry) : undefined;
}

/** The VADER valence of single tokens, in [-4, 4], by `tokenValence`: `" good"` scores 1.9. */
export function createVaderSignal(lexicon: Lexicon = loadVaderLexicon()): FeedbackSignal<'token'> {
  return {
    name: 'vader',
    granularity: 'token',
    range: [-4, 4],
    score: async (examples) => examples.map((token) => tokenValence(lexicon, token)),
  };
}

/** Another lexicon as feedback on single tokens; its range is that of the lexicon's numbers, including 0. */
export function createLexiconSignal({
  name,
  lexicon,
}: {
  readonly name: string;
  readonly lexicon: Lexicon;
}): FeedbackSignal<'token'> {
  const values = [...lexicon.values()];
  return {
    ...createVaderSignal(lexicon),
    name,
    range: [
      values.reduce((low, value) => Math.min(low, value), 0),
      values.reduce((high, value) => Math.max(high, value), 0),
    ],
  };
}
