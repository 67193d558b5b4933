import type { FeedbackSignal } from '@feedprint/core';
import { loadVaderLexicon } from './lexicon.ts';
import type { Lexicon } from './lexicon.ts';
import { createVaderScorer } from './text-scores.ts';

export interface VaderTextOptions {
  readonly lexicon?: Lexicon;
  /**
   * Whether to score the prompt and the reply as one text, as the paper's reward does. Default false: the reply alone.
   */
  readonly withPrompt?: boolean;
}

/** VADER's compound score of replies, in [-1, 1]; `undefined` for a text without words. */
export function createVaderTextSignal({
  lexicon = loadVaderLexicon(),
  withPrompt = false,
}: VaderTextOptions = {}): FeedbackSignal<'sequence'> {
  const score = createVaderScorer(lexicon);
  return {
    name: 'vader-text',
    granularity: 'sequence',
    range: [-1, 1],
    score: async (examples) =>
      examples.map(({ prompt, reply }) => {
        const { compound, pos, neu, neg } = score(withPrompt ? prompt + reply : reply);
        return pos + neu + neg === 0 ? undefined : compound;
      }),
  };
}
