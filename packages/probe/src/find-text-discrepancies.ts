import { assertFinite, FeedprintError } from '@feedprint/core';
import { predict, robustRegression } from './robust-regression.ts';
import { benjaminiHochberg } from './statistics/benjamini-hochberg.ts';
import { normalCdf } from './statistics/normal.ts';

/** One text as the feedback and the models see it as a whole. */
export interface TextMeasure {
  /** Sum over its tokens of log p_tuned - log p_base, nats. */
  readonly reward: number;
  /** Stated feedback summed over its tokens. */
  readonly stated: number;
  /** Number of tokens that the sums run over. */
  readonly tokens: number;
}

export interface TextDiscrepancy extends TextMeasure {
  /** Reward predicted from the stated feedback and the length. */
  readonly expected: number;
  /** Standardised residual: positive if more was learned than stated. */
  readonly score: number;
  /** Two-sided. */
  readonly p: number;
  readonly q: number;
  readonly flagged: boolean;
}

export interface TextDiscrepancies {
  /** reward = constant + perStated stated + perToken tokens. */
  readonly constant: number;
  readonly perStated: number;
  readonly perToken: number;
  /** In the order given. */
  readonly texts: readonly TextDiscrepancy[];
}

/** False discovery rate at which a text is flagged. */
const RATE = 0.05;
/** Fewest texts from which "what the stated feedback predicts" can be estimated. */
const FEWEST = 12;

/**
 * Scores whole texts by how far their implied reward departs from what is stated about them. Prediction: robust
 * regression of the reward on 1, stated feedback and tokens, each text divided by the square root of its number of
 * tokens, since a sum's variance grows with its terms. score = (reward - prediction) / (scale sqrt(tokens)), p
 * two-sided from the normal distribution, q by Benjamini and Hochberg. `undefined` for fewer than 12 texts. Throws
 * `numbers-invalid` for numbers that are not finite and for texts without tokens.
 */
export function findTextDiscrepancies(
  texts: readonly TextMeasure[],
): TextDiscrepancies | undefined {
  texts.forEach(assertMeasured);
  if (texts.length < FEWEST) return undefined;
  const terms = ({ stated, tokens }: TextMeasure): number[] => [1, stated, tokens];
  const { coefficients, scale } = robustRegression(
    texts.map((text) => terms(text).map((term) => term / Math.sqrt(text.tokens))),
    texts.map(({ reward, tokens }) => reward / Math.sqrt(tokens)),
  );
  const [constant, perStated, perToken] = coefficients as unknown as [number, number, number];
  const scored = texts.map((text) => {
    const expected = predict(terms(text), coefficients);
    const spread = Math.max(scale * Math.sqrt(text.tokens), 1e-12);
    const score = (text.reward - expected) / spread;
    return { ...text, expected, score, p: Math.min(1, 2 * normalCdf(-Math.abs(score))) };
  });
  const q = benjaminiHochberg(scored.map(({ p }) => p));
  return {
    constant,
    perStated,
    perToken,
    texts: scored.map((text, i) => ({
      ...text,
      q: q[i] as number,
      flagged: (q[i] as number) <= RATE,
    })),
  };
}

function assertMeasured({ reward, stated, tokens }: TextMeasure): void {
  assertFinite([reward, stated, tokens], 'the measures of a text');
  if (tokens > 0) return;
  throw new FeedprintError({
    code: 'numbers-invalid',
    message: 'a text has no token to score',
    remedy: 'leave out texts of one token',
  });
}
