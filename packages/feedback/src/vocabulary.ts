import type { FeedbackSignal, Tokenizer } from '@feedprint/core';

/** A vocabulary token that the feedback scores. */
export interface ScoredToken {
  readonly id: number;
  /** The token's text without its leading space. */
  readonly word: string;
  /** Stated feedback. */
  readonly stated: number;
}

/** All tokens of the vocabulary that the signal scores, without special ones, by id. */
export async function scoredTokens(
  tokenizer: Tokenizer,
  signal: FeedbackSignal<'token'>,
): Promise<readonly ScoredToken[]> {
  const ids = Array.from({ length: tokenizer.vocabularySize }, (_, id) => id).filter(
    (id) => !tokenizer.specialIds.has(id),
  );
  const texts = ids.map((id) => tokenizer.tokenText(id));
  const scores = await signal.score(texts);
  return ids.flatMap((id, i) => {
    const stated = scores[i];
    const word = (texts[i] as string).replace(/^ /, '');
    return stated === undefined ? [] : [{ id, word, stated }];
  });
}
