import { assertFinite, FeedprintError } from '@feedprint/core';
import type { ReplyDiscrepancies, ReplyMeasure } from '@feedprint/core';
import { predict, robustRegression } from './robust-regression.ts';
import { benjaminiHochberg } from './statistics/benjamini-hochberg.ts';
import { normalCdf } from './statistics/normal.ts';

/** False discovery rate at which a text is flagged. */
const RATE = 0.05;
/** Fewest texts from which "what the stated feedback predicts" can be told. */
const FEWEST = 12;

/**
 * Scores whole texts by how far their implied reward departs from what is stated of them. Prediction: robust regression of the reward
 * on 1, stated feedback and tokens, each text divided by the root of its tokens, since a sum's variance grows with its terms.
 * score = (reward - prediction) / (scale sqrt(tokens)), p two-sided of the normal distribution, q by Benjamini and Hochberg.
 * `undefined` of fewer than 12 texts. Throws `numbers-invalid` for numbers that are not finite or texts without tokens.
 */
export function findReplyDiscrepancies(
  replies: readonly ReplyMeasure[],
): ReplyDiscrepancies | undefined {
  replies.forEach(assertMeasured);
  if (replies.length < FEWEST) return undefined;
  const terms = ({ stated, tokens }: ReplyMeasure): number[] => [1, stated, tokens];
  const { coefficients, scale } = robustRegression(
    replies.map((reply) => terms(reply).map((term) => term / Math.sqrt(reply.tokens))),
    replies.map(({ reward, tokens }) => reward / Math.sqrt(tokens)),
  );
  const [constant, perStated, perToken] = coefficients as unknown as [number, number, number];
  const scored = replies.map((reply) => {
    const expected = predict(terms(reply), coefficients);
    const spread = Math.max(scale * Math.sqrt(reply.tokens), 1e-12);
    const score = (reply.reward - expected) / spread;
    return { ...reply, expected, score, p: Math.min(1, 2 * normalCdf(-Math.abs(score))) };
  });
  const q = benjaminiHochberg(scored.map(({ p }) => p));
  return {
    constant,
    perStated,
    perToken,
    replies: scored.map((reply, i) => ({
      ...reply,
      q: q[i] as number,
      flagged: (q[i] as number) <= RATE,
    })),
  };
}

function assertMeasured({ reward, stated, tokens }: ReplyMeasure): void {
  assertFinite([reward, stated, tokens], 'the measures of a text');
  if (tokens > 0) return;
  throw new FeedprintError({
    code: 'numbers-invalid',
    message: 'a text has no token to score',
    remedy: 'leave out texts of one token',
  });
}
