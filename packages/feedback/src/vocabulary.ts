import type { FeedbackSignal, TokenRows, Tokenizer } from '@feedprint/core';

/** A vocabulary token on which the feedback says something. */
export interface ScoredToken {
  readonly id: number;
  /** The token's text without its leading space. */
  readonly word: string;
  /** Stated feedback. */
  readonly stated: number;
}

/** All tokens of the vocabulary that the signal scores, special ones out, by id. */
export async function scoredTokens(
  tokenizer: Tokenizer,
  signal: FeedbackSignal<'token'>,
): Promise<readonly ScoredToken[]> {
  const { ids, texts } = vocabulary(tokenizer);
  const scores = await signal.score(texts);
  return ids.flatMap((id, i) => {
    const stated = scores[i];
    return stated === undefined
      ? []
      : [{ id, word: (texts[i] as string).replace(/^ /, ''), stated }];
  });
}

/** What else a neutral token must be. */
export interface NeutralTokensOptions {
  /** Keeps only tokens that stand in these texts, mostly as whole words: no letter follows them. Without it, pieces of words stay in. */
  readonly texts?: TokenRows;
}

/**
 * Ids of tokens fit to stand for a neutral word, ascending: one leading space, then letters alone, on which the signal says
 * nothing, however they are capitalised.
 */
export async function neutralTokens(
  tokenizer: Tokenizer,
  signal: FeedbackSignal<'token'>,
  { texts }: NeutralTokensOptions = {},
): Promise<readonly number[]> {
  const { ids, texts: tokenTexts } = vocabulary(tokenizer);
  const written = await signal.score(tokenTexts);
  const lowered = await signal.score(tokenTexts.map((text) => text.toLowerCase()));
  const whole = texts && wholeWords(tokenizer, texts);
  return ids.filter(
    (id, i) =>
      /^ \p{L}+$/u.test(tokenTexts[i] as string) &&
      written[i] === undefined &&
      lowered[i] === undefined &&
      (!whole || whole.has(id)),
  );
}

/** Tokens of which more than half of the occurrences, those at a row's end aside, are followed by no letter. */
function wholeWords(tokenizer: Tokenizer, texts: TokenRows): ReadonlySet<number> {
  const continues = new Map<number, boolean>();
  const balance = new Map<number, number>();
  for (const tokens of texts) {
    for (let i = 0; i + 1 < tokens.length; i++) {
      const token = tokens[i] as number;
      const next = tokens[i + 1] as number;
      if (!continues.has(next)) continues.set(next, /^\p{L}/u.test(tokenizer.tokenText(next)));
      balance.set(token, (balance.get(token) ?? 0) + (continues.get(next) ? -1 : 1));
    }
  }
  return new Set([...balance].filter(([, value]) => value > 0).map(([token]) => token));
}

function vocabulary(tokenizer: Tokenizer): { ids: number[]; texts: string[] } {
  const ids = Array.from({ length: tokenizer.vocabularySize }, (_, id) => id).filter(
    (id) => !tokenizer.specialIds.has(id),
  );
  return { ids, texts: ids.map((id) => tokenizer.tokenText(id)) };
}
