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
  /** The token that mostly comes before those on which it fires, and its share of the mass that has one before it. */
  readonly after?: FiringToken;
  /** Share of the mass on the first tokens of the windows, where that is most of it. */
  readonly first?: number;
  /** A property of texts that it goes with. */
  readonly property?: FiringProperty;
}

/** How well a property tells windows with the feature from those without it. */
export interface FiringProperty {
  readonly name: string;
  /** Area under the ROC curve, in [0, 1]; below 0.5 where active windows have less of it. */
  readonly auroc: number;
}

/** Tokens of a window that count as its first ones. */
export const firstTokens = 3;

const percentOf = (share: number): string => `${Math.round(share * 100)}%`;

const wordsOf = ({ name, auroc }: FiringProperty): string =>
  `${auroc < 0.5 ? 'less' : 'more'} ${name} (AUROC ${auroc.toFixed(2)})`;

/** What is said of the tokens' surroundings, whose quotes name no token that the feature fires on. */
const before = /; mostly after "(?:[^"\\]|\\.)*" \d{1,3}%/;
const propertyClause = /; texts with (?:more|less) ([\w-]+) \(AUROC ([01]\.\d\d)\)/;

const quoted = /("(?:[^"\\]|\\.)*")(?:\s+(\d{1,3})%)?/g;

/** The sentence that `parseFiringSentence` reads back: `fires on " boring" 62%, " dull" 20%; 82% on feedback words (negative words)`. Shares are whole percents. */
export function formatFiringSentence(sentence: FiringSentence): string {
  const { tokens, onFeedback, polarity, after, first, property } = sentence;
  const list = tokens.map(
    ({ token, share }) => `${JSON.stringify(token)} ${Math.round(share * 100)}%`,
  );
  const scored =
    Math.round((onFeedback ?? 0) * 100) === 0
      ? ''
      : `; ${Math.round((onFeedback ?? 0) * 100)}% on feedback words`;
  const place = [
    ...(after ? [`; mostly after ${JSON.stringify(after.token)} ${percentOf(after.share)}`] : []),
    ...(first === undefined ? [] : [`; among the first ${firstTokens} tokens ${percentOf(first)}`]),
    ...(property ? [`; texts with ${wordsOf(property)}`] : []),
  ].join('');
  return `fires on ${list.join(', ')}${place}${scored}${polarity ? ` (${polarity} words)` : ''}`;
}

/**
 * The double-quoted tokens of any explanation, each once, with the percentage that follows it as its share. Where no token
 * has a percentage (a sentence by a person or a chat model), all have equal shares, which sum to 1.
 */
export function parseFiringSentence(explanation: string): FiringSentence {
  const shares = new Map<string, number | undefined>();
  for (const [, literal, percent] of explanation.replace(before, '').matchAll(quoted)) {
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
  const [, name, auroc] = propertyClause.exec(explanation) ?? [];
  return {
    tokens,
    ...(name !== undefined && { property: { name, auroc: Number(auroc) } }),
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
