/** The sign that most of a feature's activation mass has. */
export type Polarity = 'positive' | 'negative';

/** A token on which a feature fires. */
export interface FiringToken {
  /** The token's text, leading space kept. */
  readonly token: string;
  /** Share of the feature's activation mass on this token, in [0, 1]. */
  readonly share: number;
}

/** What the offline labeler says about one feature. */
export interface FiringSentence {
  /** Largest share first. */
  readonly tokens: readonly FiringToken[];
  /** Share of the mass on tokens that the feedback scores, in [0, 1]. */
  readonly onFeedback?: number;
  readonly polarity?: Polarity;
}

const quoted = /("(?:[^"\\]|\\.)*")(?:\s+(\d{1,3})%)?/g;

/** The sentence that `parseFiringSentence` reads back: `fires on " boring" 62%, " dull" 20%; 82% on feedback words (negative words)`. Shares are whole percents. */
export function formatFiringSentence({ tokens, onFeedback, polarity }: FiringSentence): string {
  const list = tokens.map(
    ({ token, share }) => `${JSON.stringify(token)} ${Math.round(share * 100)}%`,
  );
  const scored =
    Math.round((onFeedback ?? 0) * 100) === 0
      ? ''
      : `; ${Math.round((onFeedback ?? 0) * 100)}% on feedback words`;
  return `fires on ${list.join(', ')}${scored}${polarity ? ` (${polarity} words)` : ''}`;
}

/**
 * The double-quoted tokens of any explanation, each once, with the percentage that follows it as its share. Where no token
 * has a percentage (a sentence by a person or a chat model), all have equal shares, which sum to 1.
 */
export function parseFiringSentence(explanation: string): FiringSentence {
  const shares = new Map<string, number | undefined>();
  for (const [, literal, percent] of explanation.matchAll(quoted)) {
    const token = unquote(literal as string);
    if (token === '' || shares.has(token)) continue;
    shares.set(token, percent === undefined ? undefined : Math.min(Number(percent), 100) / 100);
  }
  const stated = [...shares.values()].some((share) => share !== undefined);
  const tokens = [...shares].map(([token, share]) => ({
    token,
    share: stated ? (share ?? 0) : 1 / shares.size,
  }));
  const polarity = /\((positive|negative) words\)\s*$/.exec(explanation)?.[1];
  const scored = /; (\d{1,3})% on feedback words/.exec(explanation)?.[1];
  return {
    tokens,
    ...(scored !== undefined && { onFeedback: Math.min(Number(scored), 100) / 100 }),
    ...((polarity === 'positive' || polarity === 'negative') && { polarity }),
  };
}

function unquote(literal: string): string {
  try {
    return JSON.parse(literal) as string;
  } catch {
    // Not JSON (a stray backslash or a raw line break): the characters between the quotes, as they are.
    return literal.slice(1, -1);
  }
}
