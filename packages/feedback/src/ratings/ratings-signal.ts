import type { FeedbackSignal, Reply } from '@feedprint/core';
import type { RatingFile } from './rating-file.ts';

/**
 * Ratings that were given before, as a signal: of a reply to its prompt or, where the file has no prompts, of its text, alone or
 * after its prompt. White space at either end does not count; a reply that was rated more than once has the mean; `undefined` for
 * one that was not.
 */
export function createRatingsSignal({
  file,
  ratings,
}: Pick<RatingFile, 'file' | 'ratings'>): FeedbackSignal<'sequence'> {
  const sums = new Map<string, { sum: number; n: number }>();
  for (const rated of ratings) {
    const key = keyOf(rated);
    const { sum, n } = sums.get(key) ?? { sum: 0, n: 0 };
    sums.set(key, { sum: sum + rated.rating, n: n + 1 });
  }
  const score = (reply: Reply): number | undefined => {
    const found =
      sums.get(keyOf(reply)) ??
      sums.get(keyOf({ prompt: '', reply: reply.reply })) ??
      sums.get(keyOf({ prompt: '', reply: reply.prompt + reply.reply }));
    return found && found.sum / found.n;
  };
  return {
    name: file,
    granularity: 'sequence',
    range: [
      ratings.reduce((least, { rating }) => Math.min(least, rating), Infinity),
      ratings.reduce((most, { rating }) => Math.max(most, rating), -Infinity),
    ],
    score: async (replies) => replies.map(score),
  };
}

const keyOf = ({ prompt, reply }: Reply): string => JSON.stringify([prompt.trim(), reply.trim()]);
