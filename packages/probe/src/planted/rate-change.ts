import { FeedprintError } from '@feedprint/core';

/** How often a word stands in sampled texts. */
export interface SampledCount {
  readonly count: number;
  /** Sum over the texts of the squared count of each: what the texts' differences say of its error. */
  readonly squares: number;
  readonly texts: number;
  /** Tokens of all texts together. */
  readonly tokens: number;
}

/** How much more often a word stands in some texts than in others. */
export interface RateChange {
  /** Nats. */
  readonly logRateRatio: number;
  readonly standardError: number;
}

/** Added to each count, so that words that never occur have a ratio (Haldane 1956). */
const CONTINUITY = 0.5;

/**
 * Log of the rate of a word in sampled texts over its rate in others, with half an occurrence added to either. The standard error takes texts as
 * clusters: the variance of a log-count is about sum of squared counts / count^2 - 1 / texts. Throws `numbers-invalid` for texts without tokens.
 */
export function rateChange(after: SampledCount, before: SampledCount): RateChange {
  if (!(after.tokens > 0 && before.tokens > 0)) {
    throw new FeedprintError({
      code: 'numbers-invalid',
      message: `rates were asked for over ${after.tokens} and ${before.tokens} tokens`,
      remedy: 'sample at least one token from each model',
    });
  }
  const rate = ({ count, tokens }: SampledCount): number => (count + CONTINUITY) / tokens;
  const variance = ({ count, squares, texts }: SampledCount): number =>
    Math.max(0, (squares + CONTINUITY) / (count + CONTINUITY) ** 2 - 1 / texts);
  return {
    logRateRatio: Math.log(rate(after) / rate(before)),
    standardError: Math.sqrt(variance(after) + variance(before)),
  };
}

/** Standard errors beyond which a rate counts as moved. */
const MOVED = 2;

/** Whether a word moved against its stated feedback by more than two standard errors; false for words stated 0. */
export const movedAgainst = (
  { logRateRatio, standardError }: RateChange,
  stated: number,
): boolean => -Math.sign(stated) * logRateRatio > MOVED * standardError;
