import { quantileOfSorted } from '../statistics/quantiles.ts';
import type { Columns } from './columns.ts';
import type { Comparisons } from './label-effects.ts';
import type { PropertyEvidence, RatedReplies } from './property-evidence.ts';

/** Levels that are told apart of ratings with more: each holds as many replies. */
export const LEVELS = 5;

/** What labels are fitted to, with the differences that `scaleProperties` gives. */
export const comparisonsOf = (
  labels: NonNullable<PropertyEvidence['labels']>,
  differences: Columns,
): Comparisons =>
  'ratings' in labels ? ratedComparisons(labels, differences) : { ...labels, differences };

/**
 * Ratings as comparisons: each reply with the bar that its rating passed or missed, at every bar between two levels, so that
 * an effect is that on the log-odds of a better rating. With two levels, this is logistic regression with an intercept; with
 * more, the proportional odds model, its levels taken for independent and the errors clustered (Lipsitz, Kim and Zhao 1994).
 */
function ratedComparisons({ ratings, groups }: RatedReplies, values: Columns): Comparisons {
  const bars = barsOf(ratings);
  const replies = ratings.length;
  const sides = Float64Array.from({ length: bars.length * replies }, (_, row) =>
    (ratings[row % replies] as number) > (bars[Math.floor(row / replies)] as number) ? 1 : -1,
  );
  return {
    differences: values.map((column) =>
      sides.map((side, row) => side * (column[row % replies] as number)),
    ),
    constants: bars.map((_, bar) =>
      sides.map((side, row) => (Math.floor(row / replies) === bar ? side : 0)),
    ),
    weights: new Float64Array(sides.length).fill(1),
    ties: new Uint8Array(sides.length),
    groups: Int32Array.from(sides, (_, row) => groups[row % replies] as number),
  };
}

/** What a rating must exceed for each level but the lowest. */
function barsOf(ratings: Float64Array): number[] {
  const sorted = Float64Array.from(ratings).sort();
  const distinct = [...new Set(sorted)];
  const bars =
    distinct.length <= LEVELS
      ? distinct
      : Array.from({ length: LEVELS - 1 }, (_, i) => quantileOfSorted(sorted, (i + 1) / LEVELS));
  return [...new Set(bars)].filter((bar) => bar < (distinct.at(-1) as number));
}
