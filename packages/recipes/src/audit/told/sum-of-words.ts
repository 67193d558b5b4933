import type { FeedbackSignal } from '@feedprint/core';
import { textWords } from '@feedprint/feedback';
import { hashOf } from '@feedprint/pipeline';
import type { ScoredWord } from '../parts.ts';
import type { ReplySignal } from './reply-signal.ts';

/**
 * What is stated of single words, as a reward of whole replies: the sum over a reply's words; one that is not scored
 * counts 0. `words` are those that the vocabulary has, by which it is told from another of the same name.
 */
export function sumOfWords(
  signal: FeedbackSignal<'token'>,
  words: readonly ScoredWord[],
): ReplySignal {
  return {
    name: `${signal.name}, summed over the words of a reply`,
    settings: { words: hashOf(words.map(({ id, stated }) => [id, stated])) },
    score: async (replies) => {
      const wordsOf = replies.map(({ reply }) => textWords(reply).map(({ word }) => ` ${word}`));
      const distinct = [...new Set(wordsOf.flat())];
      const scores = await signal.score(distinct);
      const valueOf = new Map(distinct.map((word, i) => [word, scores[i] ?? 0]));
      return wordsOf.map((own) => own.reduce((sum, word) => sum + (valueOf.get(word) ?? 0), 0));
    },
  };
}
