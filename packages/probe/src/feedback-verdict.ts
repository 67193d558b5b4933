import { partialRankCorrelation } from './statistics/partial-rank-correlation.ts';
import type { Interval } from './statistics/interval.ts';

/**
 * Whether feedback was learned at all, which comes before any word of it: learned, learned the other way round, or unrelated to what
 * tuning changed; `undecided` where the words are too few to tell.
 */
export type FeedbackVerdict = 'learned' | 'reversed' | 'unrelated' | 'undecided';

export interface FeedbackEffect {
  readonly verdict: FeedbackVerdict;
  /** Partial rank correlation of estimate and stated feedback, given how often each word is expected; null where it is not defined. */
  readonly effect: number | null;
  /** 95 % interval. */
  readonly interval: Interval | null;
  /** Words that have an estimate and are expected at all. */
  readonly n: number;
}

/** Below this effect nothing counts as learned: temperature changes and tuning on other text reach interval ends of 0.09. */
export const LEARNED = 0.15;
/** Effects within this of zero count as unrelated, if the whole interval is: the same placebos reach 0.30. */
export const INDIFFERENT = 0.32;

export interface FeedbackToJudge {
  /** One per word; NaN where there is none. */
  readonly estimates: ArrayLike<number>;
  readonly stated: ArrayLike<number>;
  /** How often the base model expects each word: tuning reaches frequent words better, and so does a change of temperature. */
  readonly expectedCounts: ArrayLike<number>;
}

/**
 * Judges by the size of an effect, not by whether it differs from zero: with hundreds of words anything does. `learned` if the whole 95 %
 * interval of the partial rank correlation lies above 0.15, `reversed` if it lies below -0.15, `unrelated` if it lies within
 * 0.32 of zero. Both limits were chosen with pairs in view whose feedback is known, and placebos made of their
 * base. With more than about a third of the words reversed at random the feedback as stated is hardly there, and is called so.
 */
export function judgeFeedback({
  estimates,
  stated,
  expectedCounts,
}: FeedbackToJudge): FeedbackEffect {
  const known = Array.from(estimates, (_, i) => i).filter(
    (i) => Number.isFinite(estimates[i]) && (expectedCounts[i] as number) > 0,
  );
  const of = (values: ArrayLike<number>): number[] => known.map((i) => values[i] as number);
  const n = known.length;
  const found = partialRankCorrelation(of(estimates), of(stated), of(expectedCounts));
  if (!found) return { verdict: 'undecided', effect: null, interval: null, n };
  const { value: effect, interval } = found;
  const verdict =
    interval.low > LEARNED
      ? 'learned'
      : interval.high < -LEARNED
        ? 'reversed'
        : interval.low > -INDIFFERENT && interval.high < INDIFFERENT
          ? 'unrelated'
          : 'undecided';
  return { verdict, effect, interval, n };
}
